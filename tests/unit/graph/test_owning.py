"""Who holds a conversation: by claim or by writing, in the order of roles, until it is handed back."""

from typing import Any

import pytest

from segue.core.errors import SignalError
from segue.core.records.binding import Binding
from segue.core.records.memory import Fact
from segue.core.units import DAY
from segue.graph import DERIVED, Memory, apply, owner_of, remember
from tests.build import ACME, ANN, NOW, a_context, a_fact, a_playbook, a_signal, instant

PLAYBOOK = a_playbook()


def told(kind: str, body: dict[str, Any], *facts: Fact, **fields: Any) -> Memory:
    source = fields.pop("source", "crm")
    signal = a_signal(kind, body, source=source, identifiers=("user:ann",))
    return remember(signal, None, a_context(*facts, **fields), PLAYBOOK)


def claim(by: str, role: str = "", **fields: Any) -> Fact:
    return a_fact("conversation.claimed_by", by, qualifier=role, **fields)


def owner(*facts: Fact) -> tuple[str, str]:
    found = owner_of(Binding(a_context(*facts), PLAYBOOK))
    return (found.by, found.role) if found is not None else ("segue", "")


def seen(name: str, *facts: Fact, **fields: Any) -> object:
    return DERIVED[name].of(Binding(a_context(*facts, **fields), PLAYBOOK))


@pytest.mark.parametrize(
    ("source", "body", "role"),
    [
        ("helpdesk", {"by": "rep:eve"}, "support"),
        ("crm", {"by": "rep:tom"}, "account_executive"),
        ("crm", {"by": "rep:sue", "role": "success"}, "success"),
    ],
)
def test_a_claim_is_kept_with_the_role_of_who_claims(source: str, body: dict[str, Any], role: str) -> None:
    (fact,) = told("conversation.claimed", body, source=source).facts

    assert (fact.subject, fact.predicate, fact.qualifier, fact.value) == (
        ANN, "conversation.claimed_by", role, body["by"],
    )  # fmt: skip
    assert fact.valid_to is None


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(SignalError, match="role"):
        told("conversation.claimed", {"by": "rep:eve", "role": "king"})


def test_support_goes_before_success_before_the_account_executive_before_segue() -> None:
    all_three = (
        claim("rep:tom", "account_executive"),
        claim("rep:sue", "success"),
        claim("rep:eve", "support"),
    )

    assert owner(*all_three) == ("rep:eve", "support")
    assert owner(*all_three[:2]) == ("rep:sue", "success")
    assert owner(all_three[0]) == ("rep:tom", "account_executive")
    assert owner() == ("segue", "")


def test_a_claim_of_an_older_log_has_no_role_and_comes_last() -> None:
    assert owner(claim("rep:old")) == ("rep:old", "")
    assert owner(claim("rep:old"), claim("rep:tom", "account_executive")) == ("rep:tom", "account_executive")


def test_a_claim_on_the_account_holds_the_conversation_with_everybody_there() -> None:
    assert owner(claim("rep:tom", "account_executive", subject=ACME)) == ("rep:tom", "account_executive")


def test_who_writes_themselves_has_the_conversation_for_three_days() -> None:
    memory = told("message.sent", {"channel": "email", "by": "rep:tom", "text": "Hi"})

    (fact,) = memory.facts
    assert (fact.predicate, fact.value, fact.valid_to) == (
        "conversation.written_by",
        "rep:tom",
        NOW + 3 * DAY,
    )
    assert owner_of(Binding(apply(a_context(), memory), PLAYBOOK)) is not None


def test_a_tool_that_writes_takes_no_conversation() -> None:
    assert told("message.sent", {"channel": "email", "by": "tool:mailer", "text": "Hi"}).facts == ()


def test_who_hands_back_leaves_it_to_the_others() -> None:
    support, tom = claim("rep:eve", "support"), claim("rep:tom", "account_executive")

    memory = told("conversation.released", {"by": "rep:eve"}, support, tom)

    assert [(fact.qualifier, fact.value) for fact in memory.facts] == [("support", None)]
    assert owner(*apply(a_context(support, tom), memory).facts) == ("rep:tom", "account_executive")


def test_somebody_who_does_not_hold_it_hands_nothing_back() -> None:
    assert told("conversation.released", {"by": "rep:tom"}, claim("rep:eve", "support")).facts == ()


def test_a_tool_hands_back_for_everybody() -> None:
    memory = told("conversation.released", {}, claim("rep:eve", "support"), claim("rep:tom"))

    assert {(fact.qualifier, fact.value) for fact in memory.facts} == {("support", None), ("", None)}


def test_an_account_is_held_until_a_time_and_let_go_before() -> None:
    until = instant("2026-04-01T00:00Z")
    memory = told("conversation.held", {"by": "rep:tom", "until": "2026-04-01T00:00:00Z"})
    over = told("conversation.held", {"by": "rep:tom"}, *memory.facts)

    (fact,), (ended,) = memory.facts, over.facts
    assert (fact.subject, fact.value, fact.valid_to) == (ACME, "rep:tom", until)
    assert (ended.subject, ended.value) == (ACME, None)
    assert (seen("account.held", fact), seen("account.held_until", fact)) == (True, until)
    assert seen("account.held") is False


def test_facts_name_the_owner() -> None:
    support = claim("rep:eve", "support")

    assert seen("person.conversation_owner", support) == "rep:eve"
    assert seen("person.conversation_role", support) == "support"
    assert seen("person.conversation_owner") == "segue"
    assert seen("person.human_in_conversation", support) is True
