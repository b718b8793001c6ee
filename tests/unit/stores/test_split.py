"""Parts: what a step says of another person is sealed apart, and comes back in its place."""

from segue.core.encoding import encode
from segue.core.records.decisions import Candidate, Considered, Decision, FactUsed
from segue.core.records.effects import Timer
from segue.core.records.events import Stepped
from segue.stores.split import join, split
from tests.build import NOW


def an_account_step(contact: str) -> Stepped:
    candidate = Candidate("c1", "write", "commercial", NOW, profile_id=contact, arguments={"to": "ann@x.io"})
    facts = (
        FactUsed("account.health", 30),
        FactUsed("person.name", "Ann"),
        FactUsed("signal.kind", "usage.recorded"),
        FactUsed("thread.last_inbound_days", 3),
    )
    decision = Decision(
        "d1",
        "s1",
        0,
        NOW,
        "account:acme",
        "account:acme",
        "next_action",
        (Considered(candidate), Considered(Candidate("c2", "no_action", "internal", NOW))),
        "c1",
        "act",
        "because",
        "write",
        profile_id=contact,
        facts=facts,
    )
    return Stepped("s1", NOW, "account:acme", "account:acme", decision=decision)


def test_a_contacts_facts_and_drafts_are_sealed_under_their_own_key() -> None:
    left, parts = split(an_account_step("ann"), lambda effect: "")

    assert b"Ann" not in encode(left)
    assert b"ann@x.io" not in encode(left)
    assert set(parts) == {"profile:ann"}
    assert left.decision is not None
    assert [fact.name for fact in left.decision.facts] == ["account.health", "signal.kind"]


def test_what_was_taken_out_comes_back_byte_for_byte() -> None:
    step = an_account_step("ann")

    left, parts = split(step, lambda effect: "")

    assert encode(join(left, list(parts.values()))) == encode(step)


def test_without_the_part_the_rest_still_reads() -> None:
    left, _ = split(an_account_step("ann"), lambda effect: "")

    assert join(left, []) == left


def test_a_step_about_its_own_subject_stays_whole() -> None:
    step = an_account_step("")

    assert split(step, lambda effect: "") == (step, {})


def test_what_a_timer_carries_is_sealed_under_the_key_of_whom_it_is_about() -> None:
    timer = Timer("t", "look_again", "profile:ann", NOW, "s1", {"text": "my words"})
    step = Stepped("s1", NOW, "tenant", "tenant", timers=(Timer("r", "release", "tenant", NOW, "s1"), timer))

    left, parts = split(step, lambda effect: "")

    assert b"my words" not in encode(left)
    assert set(parts) == {"profile:ann"}
    assert encode(join(left, list(parts.values()))) == encode(step)
