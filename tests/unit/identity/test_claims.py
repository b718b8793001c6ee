"""A claim joins what is nameless or new, and never makes one person of two who are known by name."""

from itertools import permutations
from typing import Literal

import pytest

from segue.core.records.identity import DOUBTFUL, KNOWN, UNKNOWN
from tests.people import IDS, People

TOLD: tuple[tuple[str, ...], ...] = (
    ("user:ann", "email:ann@x.io"),
    ("user:bob", "email:bob@x.io", "cookie:bob"),
    ("email:mail@x.io",),
    ("user:id",),
    ("cookie:visitor",),
)


def people(*claims: tuple[str, ...]) -> People:
    """Give people a system of record told of, and what was claimed of them."""
    found = People()
    for names in TOLD:
        found.see(*names, source="crm")
    for names in claims:
        found.see(*names, trust="claimed")
    return found


def joined(*identifiers: str) -> set[str]:
    """Which identifiers of a claim lead to the person of the first."""
    found = people(identifiers)
    return {name for name in identifiers if found.are_one(identifiers[0], name)}


@pytest.mark.parametrize(
    "identifiers",
    [
        ("user:ann", "cookie:visitor"),  # who was nameless signs in
        ("user:ann", "cookie:new", "email:ann@x.io"),
        ("user:new", "email:mail@x.io"),  # who is known by mail alone signs up
        ("user:ann", "user:new"),  # an alias nobody knows yet
        ("user:ann", "user:id"),  # an alias known by an id alone
        ("user:new", "email:new@x.io"),
    ],
)
def test_what_is_nameless_or_new_is_joined(identifiers: tuple[str, ...]) -> None:
    assert joined(*identifiers) == set(identifiers)


@pytest.mark.parametrize(
    ("identifiers", "left_out"),
    [
        (("user:ann", "user:bob"), "user:bob"),
        (("user:ann", "email:bob@x.io"), "email:bob@x.io"),
        (("user:ann", "cookie:bob"), "cookie:bob"),  # a shared browser
        (("user:new", "cookie:bob"), "cookie:bob"),
        (("user:ann", "email:new@x.io"), "email:new@x.io"),  # another address than the one on record
        (("user:ann", "email:mail@x.io"), "email:mail@x.io"),
    ],
)
def test_two_who_are_known_by_name_stay_two(identifiers: tuple[str, ...], left_out: str) -> None:
    assert joined(*identifiers) == {*identifiers} - {left_out}


def test_a_claim_that_was_first_gives_way_to_who_vouches() -> None:
    found = people(("user:ann", "cookie:evil"))
    before = found.are_one("user:ann", "cookie:evil")

    found.see("user:evil", "cookie:evil", source="crm")

    assert before
    assert not found.are_one("user:ann", "user:evil")
    assert found.are_one("user:evil", "cookie:evil")


def test_the_order_of_claims_and_records_never_changes_who_is_who() -> None:
    said: tuple[tuple[tuple[str, ...], Literal["claimed", "verified"]], ...] = (
        (("user:ann", "cookie:one"), "claimed"),
        (("user:bob", "cookie:one"), "claimed"),
        (("user:bob", "email:bob@x.io"), "verified"),
        (("user:ann", "email:ann@x.io"), "verified"),
        (("user:ann", "email:bob@x.io"), "claimed"),
    )
    found = set()
    for order in permutations(said):
        held = People()
        for names, trust in order:
            held.see(*names, trust=trust, at=[item[0] for item in said].index(names))
        found.add(frozenset(item for item in ("user:ann", "cookie:one") if held.are_one("user:bob", item)))
        assert held.are_one("user:bob", "email:bob@x.io")

    assert found == {frozenset()}


def test_an_address_on_record_is_a_name() -> None:
    found = people()
    ann = IDS.profile_id("crm", "user:id")
    object.__setattr__(found.web, "names", {ann: frozenset({"email"})})

    found.see("user:id", "email:evil@x.io", trust="claimed")

    assert not found.are_one("user:id", "email:evil@x.io")


def test_claims_never_make_anothers_address_one_that_links_nobody() -> None:
    found = people(*((f"user:evil{n}", "email:ann@x.io") for n in range(20)))

    assert not found.web.shared
    assert found.are_one("user:ann", "email:ann@x.io")


def test_it_is_certain_who_somebody_is_where_somebody_vouches_for_it() -> None:
    found = people(("user:ann", "phone:+493012345678"))
    found.see("phone:+493012345678", source="sms")
    found.see("phone:+493012345679", source="sms")
    found.see("phone:+493012345670", source="sms")
    found.see("email:mail@x.io", "phone:+493012345670", source="crm")

    levels = {
        number: found.web.profiles[IDS.profile_id("sms", f"phone:+49301234567{number}")].level
        for number in (8, 9, 0)
    }

    assert levels == {8: DOUBTFUL, 9: UNKNOWN, 0: KNOWN}
