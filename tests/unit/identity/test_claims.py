"""A claim joins what is nameless or new, and never makes one person of two who are known by name."""

import pytest

from segue.core.ids import IdKey
from segue.core.records.identity import Known
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.identity import believable

IDS = IdKey(b"0123456789abcdef")
NAMES = {
    "ann": frozenset({"user", "email"}),
    "bob": frozenset({"user", "email", "cookie"}),
    "mail": frozenset({"email"}),
    "id": frozenset({"user"}),
    "visitor": frozenset({"cookie"}),
}
"""Persons, and by what each of them is known."""

OWNERS = {
    "user:ann": "ann",
    "email:ann@x.io": "ann",
    "user:bob": "bob",
    "email:bob@x.io": "bob",
    "cookie:bob": "bob",
    "email:mail@x.io": "mail",
    "user:id": "id",
    "cookie:visitor": "visitor",
}
KNOWN = {IDS.identifier_hash(name): Known(person, person, 1) for name, person in OWNERS.items()}


def kept(*identifiers: str) -> set[str]:
    signal = Signal("s", "web", "1", Kind.PAGE_VIEWED, identifiers, Instant(0), Instant(0), trust="claimed")
    return set(believable(signal, KNOWN, NAMES, IDS))


@pytest.mark.parametrize(
    "identifiers",
    [
        ("user:ann", "cookie:visitor", "account:a"),  # who was nameless signs in
        ("user:ann", "cookie:new", "email:ann@x.io"),
        ("user:new", "email:mail@x.io"),  # who is known by mail alone signs up
        ("user:ann", "user:new"),  # an alias nobody knows yet
        ("user:ann", "user:id"),  # an alias known by an id alone
        ("user:new", "email:new@x.io"),
    ],
)
def test_what_is_nameless_or_new_is_joined(identifiers: tuple[str, ...]) -> None:
    assert kept(*identifiers) == set(identifiers)


@pytest.mark.parametrize(
    ("identifiers", "left_out"),
    [
        (("user:ann", "user:bob"), "user:bob"),
        (("user:ann", "email:bob@x.io"), "email:bob@x.io"),
        (("user:ann", "cookie:bob"), "cookie:bob"),  # a shared browser
        (("user:new", "cookie:bob"), "cookie:bob"),
        (("user:ann", "email:new@x.io"), "email:new@x.io"),  # another address than the one on record
        (("account:a", "user:ann", "email:mail@x.io"), "email:mail@x.io"),
    ],
)
def test_two_who_are_known_by_name_stay_two(identifiers: tuple[str, ...], left_out: str) -> None:
    assert kept(*identifiers) == {*identifiers} - {left_out}
