"""Consent: the later word wins, a withdrawal wins a tie, and silence is unknown."""

from typing import TYPE_CHECKING, Any, cast

import pytest
from msgspec.structs import replace

from segue.core.records.binding import Binding
from segue.core.records.context import Context, Suppression
from segue.core.records.decisions import Candidate
from segue.core.records.memory import Fact, Links
from segue.core.records.signals import CHANNELS
from segue.core.units import Instant
from segue.privacy import DERIVED, allows

if TYPE_CHECKING:
    from segue.core.records.playbook import Playbook


def a_fact(predicate: str, value: str, at: int = 1, **changes: Any) -> Fact:
    fields: dict[str, Any] = {
        "subject": "profile:p1",
        "trust": "verified",
        "signal_id": "s1",
        "valid_from": at,
    }
    return Fact(**{**fields, "predicate": predicate, "value": value, **changes})


def a_context(*facts: Fact) -> Context:
    return Context(
        Instant(10), 1, "person:p1", Links(), person_id="p1", profile_ids=("p1", "p2"), facts=facts
    )


def a_binding(context: Context, **candidate: Any) -> Binding:
    fields: dict[str, Any] = {"id": "c1", "action": "mail", "purpose": "commercial", "at": Instant(10)}
    playbook = cast("Playbook", None)  # consent reads the context and the candidate only
    return Binding(context, playbook, candidate=Candidate(**{**fields, **candidate}) if candidate else None)


def value_of(name: str, binding: Binding) -> object:
    return DERIVED[name].of(binding)


def test_nothing_on_record_is_unknown() -> None:
    assert allows(a_context(), "email", "") is None
    assert allows(a_context(a_fact("consent.sms", "granted")), "email", "") is None


@pytest.mark.parametrize(
    ("granted_at", "withdrawn_at", "expected"), [(1, 2, False), (2, 1, True), (1, 1, False)]
)
@pytest.mark.parametrize("channel", ["email", "all"])
def test_the_later_word_wins_and_a_withdrawal_wins_a_tie(
    granted_at: int, withdrawn_at: int, channel: str, *, expected: bool
) -> None:
    granted = a_fact("consent.email", "granted", granted_at)
    withdrawn = a_fact(f"consent.{channel}", "withdrawn", withdrawn_at, subject="profile:p2", trust="claimed")

    assert allows(a_context(granted, withdrawn), "email", "acme") is expected
    assert allows(a_context(withdrawn, granted), "email", "acme") is expected


def test_a_grant_that_is_only_claimed_does_not_count() -> None:
    assert allows(a_context(a_fact("consent.email", "granted", trust="claimed")), "email", "") is None


@pytest.mark.parametrize(("to", "expected"), [("old@x.io", False), ("new@x.io", True), (None, True)])
def test_the_address_a_draft_goes_to_is_asked_and_else_the_one_on_record(
    to: str | None, *, expected: bool
) -> None:
    context = replace(
        a_context(a_fact("email", "new@x.io"), a_fact("consent.all", "granted")),
        suppressions=(Suppression("email", "old@x.io", "", (a_fact("consent.all", "withdrawn"),)),),
    )
    binding = a_binding(context, channel="email", arguments={"to": to} if to else {})

    assert value_of("consent.channel", binding) is expected
    assert value_of("consent.withdrawn", binding) is not expected


def test_what_is_said_of_an_own_address_counts_with_the_own_words() -> None:
    buried = (a_fact("consent.email", "withdrawn", 2),)

    def allowed(granted_at: int) -> object:
        granted = a_context(a_fact("consent.all", "granted", granted_at))
        context = replace(granted, suppressions=(Suppression("email", "", "p1", buried),))
        return value_of("consent.channel", a_binding(context, channel="email"))

    assert [allowed(1), allowed(3)] == [False, True]


def test_a_suppressed_address_says_nothing_of_other_channels() -> None:
    said = (a_fact("consent.all", "withdrawn"),)
    context = replace(
        a_context(a_fact("email", "a@x.io"), a_fact("consent.all", "granted")),
        suppressions=(Suppression("email", "a@x.io", "", said),),
    )

    assert value_of("consent.sms", a_binding(context)) is True
    assert value_of("consent.email", a_binding(context)) is False


def test_consents_of_somebody_else_do_not_count() -> None:
    assert allows(a_context(a_fact("consent.email", "granted", subject="profile:p9")), "email", "") is None


def test_the_brands_own_word_wins_over_a_grant_to_all() -> None:
    context = a_context(
        a_fact("consent.email", "withdrawn", 1, qualifier="acme"), a_fact("consent.email", "granted", 5)
    )

    assert allows(context, "email", "acme") is False
    assert allows(context, "email", "other") is True


def test_the_brands_own_grant_wins_over_an_earlier_withdrawal_from_all_only() -> None:
    grant = a_fact("consent.email", "granted", 3, qualifier="acme")

    assert allows(a_context(grant, a_fact("consent.all", "withdrawn", 2)), "email", "acme") is True
    assert allows(a_context(grant, a_fact("consent.all", "withdrawn", 4)), "email", "acme") is False


def test_without_a_brand_a_withdrawal_from_any_counts() -> None:
    withdrawn = a_fact("consent.email", "withdrawn", 1, qualifier="acme")

    assert allows(a_context(withdrawn, a_fact("consent.email", "granted", 5)), "email", "") is False
    assert allows(a_context(a_fact("consent.email", "granted", qualifier="acme")), "email", "") is None


def test_the_facts_speak_of_the_candidates_channel_and_brand() -> None:
    context = a_context(
        a_fact("consent.email", "granted"),
        a_fact("consent.sms", "withdrawn", qualifier="acme", trust="claimed"),
    )

    mail = a_binding(context, channel="email", brand="acme")
    text = a_binding(context, channel="sms", brand="acme")
    call = a_binding(context, channel="phone", brand="acme")

    assert [value_of("consent.channel", bound) for bound in (mail, text, call)] == [True, False, None]
    assert [value_of("consent.withdrawn", bound) for bound in (mail, text, call)] == [False, True, False]
    assert value_of("consent.sms", mail) is False


def test_without_a_candidate_there_is_no_channel() -> None:
    binding = a_binding(a_context(a_fact("consent.email", "granted")))

    assert value_of("consent.channel", binding) is None
    assert value_of("consent.withdrawn", binding) is False
    assert value_of("consent.email", binding) is True


def test_every_channel_has_a_fact_whose_absence_is_unknown() -> None:
    assert all(DERIVED[f"consent.{channel}"].decl.default is None for channel in CHANNELS)


def test_a_withdrawal_for_one_purpose_leaves_the_others() -> None:
    context = a_context(
        a_fact("consent.email", "granted"), a_fact("consent.email.commercial", "withdrawn", at=2)
    )

    assert allows(context, "email", "acme", "commercial") is False
    assert allows(context, "email", "acme", "service") is True
    assert allows(context, "email", "acme") is True


@pytest.mark.parametrize(("general_at", "expected"), [(2, False), (5, False), (1, True)])
def test_a_grant_for_a_purpose_does_not_outlast_a_later_withdrawal_from_all(
    general_at: int, *, expected: bool
) -> None:
    context = a_context(
        a_fact("consent.email", "withdrawn", at=general_at),
        a_fact("consent.email.commercial", "granted", at=2),
    )

    assert allows(context, "email", "acme", "commercial") is expected


def test_a_later_general_grant_does_not_undo_a_withdrawal_for_a_purpose() -> None:
    context = a_context(
        a_fact("consent.email.commercial", "withdrawn", at=1), a_fact("consent.email", "granted", at=2)
    )

    assert allows(context, "email", "acme", "commercial") is False


def test_a_candidate_is_judged_by_its_own_purpose() -> None:
    context = a_context(
        a_fact("consent.email", "granted"), a_fact("consent.all.commercial", "withdrawn", at=2)
    )

    offer = a_binding(context, channel="email", brand="acme", purpose="commercial")
    answer = a_binding(context, channel="email", brand="acme", purpose="service")

    assert value_of("consent.withdrawn", offer) is True
    assert value_of("consent.withdrawn", answer) is False
    assert value_of("consent.email", offer) is False
