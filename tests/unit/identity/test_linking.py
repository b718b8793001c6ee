"""A signal is linked to a profile, a person and an account by exact identifiers."""

from typing import Any

from segue.core.ids import IdKey
from segue.core.ports import Known, KnownAccount
from segue.core.records.memory import Links
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.identity import link, subject_links

IDS = IdKey(b"0123456789abcdef")


def a_signal(*identifiers: str, **changes: Any) -> Signal:
    fields: dict[str, Any] = {
        "id": "s1",
        "source": "web",
        "source_id": "1",
        "kind": Kind.PAGE_VIEWED,
        "identifiers": identifiers,
        "occurred_at": Instant(0),
        "received_at": Instant(0),
    }
    return Signal(**{**fields, **changes})


def hashed(identifier: str) -> str:
    return IDS.identifier_hash(identifier)


def test_a_stranger_becomes_a_person_of_one_profile() -> None:
    links = link(a_signal("cookie:c", "email:a@x.io"), {}, {}, IDS, "")

    profile_id = IDS.profile_id("web", "email:a@x.io")
    assert links.profile_id == links.person_id == profile_id
    assert links.is_new
    assert links.identifiers == ((hashed("email:a@x.io"), "email"), (hashed("cookie:c"), "cookie"))
    assert links.merged == ()
    assert not links.joined


def test_a_known_identifier_leads_to_its_person() -> None:
    known = {hashed("email:a@x.io"): Known("p1", "p0", 4)}

    links = link(a_signal("email:a@x.io", "cookie:c"), known, {}, IDS, "")

    assert links.person_id == "p0"
    assert links.identifiers == ((hashed("cookie:c"), "cookie"),)


def test_two_persons_who_share_a_signal_become_the_earlier_one() -> None:
    known = {hashed("email:a@x.io"): Known("p5", "p5", 5), hashed("cookie:c"): Known("p2", "p2", 2)}

    links = link(a_signal("email:a@x.io", "cookie:c"), known, {}, IDS, "")

    assert links.person_id == "p2"
    assert links.merged == ("p5",)


def test_the_profile_is_not_new_where_it_owns_an_identifier() -> None:
    profile_id = IDS.profile_id("web", "email:a@x.io")
    known = {hashed("email:a@x.io"): Known(profile_id, profile_id, 1)}

    assert not link(a_signal("email:a@x.io"), known, {}, IDS, "").is_new


def test_an_unknown_account_is_named_and_joined() -> None:
    links = link(a_signal("email:a@x.io", "account:acme"), {}, {}, IDS, "")

    assert links.account_id == IDS.account_id("account:acme")
    assert links.account_identifiers == ((hashed("account:acme"), "account"),)
    assert links.joined


def test_a_member_does_not_join_twice() -> None:
    accounts = {hashed("account:acme"): KnownAccount("a1")}

    links = link(a_signal("email:a@x.io", "account:acme"), {}, accounts, IDS, "a1")

    assert links.account_id == "a1"
    assert links.account_identifiers == ()
    assert not links.joined


def test_a_person_brings_the_account_along() -> None:
    links = link(a_signal("email:a@x.io"), {}, {}, IDS, "a1")

    assert links.account_id == "a1"
    assert not links.joined


def test_a_signal_of_an_account_alone_has_no_profile() -> None:
    accounts = {hashed("account:acme"): KnownAccount("a1")}

    assert link(a_signal("account:acme"), {}, accounts, IDS, "") == Links(account_id="a1")


def test_an_internal_signal_is_linked_by_its_subject() -> None:
    assert subject_links("profile:p1", "p0", "a1") == Links(profile_id="p1", person_id="p0", account_id="a1")
    assert subject_links("account:a2", "", "a2") == Links(account_id="a2")
    assert subject_links("tenant", "", "") == Links()
