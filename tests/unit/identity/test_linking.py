"""A signal is linked to a profile, a person and an account by its identifiers and what is known of them."""

from typing import Any

from segue.core.records.identity import Held, Known, KnownAccount, Tie, Web
from segue.core.records.memory import Links
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.identity import link, subject_links
from tests.people import IDS, hashed


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


def a_web(**profiles: tuple[str, Held]) -> Web:
    """Profiles by name, each with the identifier it is a view of."""
    return Web(
        ties=tuple(
            Tie(name, hashed(identifier), identifier.partition(":")[0], anchor=True, first_at=0, last_at=0)
            for name, (identifier, _) in profiles.items()
        ),
        profiles={name: held for name, (_, held) in profiles.items()},
        owners={hashed(identifier): name for name, (identifier, _) in profiles.items()},
    )


def test_a_stranger_becomes_a_person_of_one_profile() -> None:
    links = link(a_signal("cookie:c", "email:a@x.io"), Web(), {}, IDS)

    profile_id = IDS.profile_id("web", "email:a@x.io")
    assert links.profile_id == links.person_id == profile_id
    assert links.is_new
    assert links.identifiers == ((hashed("email:a@x.io"), "email"), (hashed("cookie:c"), "cookie"))
    assert (links.merged, links.moved, links.refused) == ((), (), ())
    assert not links.joined


def test_a_known_identifier_leads_to_its_person() -> None:
    web = a_web(p0=("email:a@x.io", Held("p0", 4)))

    links = link(a_signal("email:a@x.io", "cookie:c"), web, {}, IDS)

    assert links.person_id == "p0"
    assert links.identifiers == ((hashed("cookie:c"), "cookie"),)
    assert links.anchor == hashed("email:a@x.io")


def test_two_persons_who_share_a_signal_become_the_earlier_one() -> None:
    web = a_web(p5=("email:a@x.io", Held("p5", 5)), p2=("cookie:c", Held("p2", 2)))

    links = link(a_signal("email:a@x.io", "cookie:c"), web, {}, IDS)

    assert links.person_id == "p2"
    assert links.merged == ("p5",)
    assert links.moved == ()


def test_a_profile_that_brings_nothing_new_stays_where_it_is() -> None:
    links = link(a_signal("email:a@x.io"), Known("p1", "p0", 3, "a1"), {}, IDS)

    assert links == Links(profile_id="p1", person_id="p0", account_id="a1")


def test_an_unknown_account_is_named_and_joined() -> None:
    links = link(a_signal("email:a@x.io", "account:acme"), Web(), {}, IDS)

    assert links.account_id == IDS.account_id("account:acme")
    assert links.account_identifiers == ((hashed("account:acme"), "account"),)
    assert links.joined


def test_a_member_does_not_join_twice() -> None:
    accounts = {hashed("account:acme"): KnownAccount("a1")}

    links = link(a_signal("email:a@x.io", "account:acme"), Known("p1", "p0", 3, "a1"), accounts, IDS)

    assert links.account_id == "a1"
    assert links.account_identifiers == ()
    assert not links.joined


def test_a_person_brings_the_account_along() -> None:
    web = a_web(p0=("email:a@x.io", Held("p0", 4, "a1", 4)))

    links = link(a_signal("email:a@x.io", "cookie:c"), web, {}, IDS)

    assert links.account_id == "a1"
    assert not links.joined


def test_a_signal_of_an_account_alone_has_no_profile() -> None:
    accounts = {hashed("account:acme"): KnownAccount("a1")}

    assert link(a_signal("account:acme"), Web(), accounts, IDS) == Links(account_id="a1")


def test_an_internal_signal_is_linked_by_its_subject() -> None:
    assert subject_links("profile:p1", "p0", "a1") == Links(profile_id="p1", person_id="p0", account_id="a1")
    assert subject_links("account:a2", "", "a2") == Links(account_id="a2")
    assert subject_links("tenant", "", "") == Links()


def test_a_web_too_large_to_read_is_left_as_it_is() -> None:
    web = a_web(p1=("email:a@x.io", Held("p1", 1)), p2=("cookie:c", Held("p2", 2)))
    cut = Web(ties=web.ties, profiles=web.profiles, owners=web.owners, whole=False)

    links = link(a_signal("email:a@x.io", "cookie:c"), cut, {}, IDS)

    assert links.person_id == "p1"
    assert (links.merged, links.moved) == ((), ())
