"""A log that was written before evidence was kept: whom it joined stay one person."""

from collections.abc import Iterator

import pytest

from segue.core.ids import IdKey
from segue.core.records.events import Stepped
from segue.core.records.identity import IdentityRules
from segue.core.records.memory import Links
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.identity import link
from segue.stores import SqliteStore

IDS = IdKey(b"0123456789abcdef")
ANN, COOKIE = IDS.identifier_hash("email:ann@x.io"), IDS.identifier_hash("cookie:one")
P1, P2, P3 = (IDS.profile_id("old", name) for name in ("email:ann@x.io", "cookie:one", "user:7"))


@pytest.fixture
def store() -> Iterator[SqliteStore]:
    store = SqliteStore.open(None, master_key=bytes(32), ids=IDS)
    yield store
    store.close()


def took(store: SqliteStore, number: int, links: Links) -> None:
    with store.write() as unit:
        lane, subject = f"person:{links.person_id}", f"profile:{links.profile_id}"
        unit.record(Stepped(str(number), Instant(number), lane, subject, links))


def an_old_log(store: SqliteStore) -> None:
    """Ann writes, a browser is seen, and a signal of a third source names both."""
    took(store, 1, Links(P1, is_new=True, person_id=P1, identifiers=((ANN, "email"),)))
    took(store, 2, Links(P2, is_new=True, person_id=P2, identifiers=((COOKIE, "cookie"),)))
    took(store, 3, Links(P3, is_new=True, person_id=P1, merged=(P2,)))


def test_whom_an_old_log_joined_stay_one_when_something_new_comes(store: SqliteStore) -> None:
    an_old_log(store)
    now = Instant(4)
    signal = Signal("s", "web", "4", Kind.PAGE_VIEWED, ("phone:+493012345678", "cookie:one"), now, now)

    with store.read() as reader:
        web = reader.web([IDS.profile_id("web", "phone:+493012345678"), COOKIE])
    links = link(signal, web, {}, IDS)

    assert set(web.profiles) == {P1, P2, P3}
    assert links.person_id == P1
    assert (links.merged, links.moved) == ((), ())


def test_rules_that_an_old_log_did_not_know_part_nobody_in_it(store: SqliteStore) -> None:
    an_old_log(store)
    now = Instant(4)
    signal = Signal("s", "crm", "4", Kind.PAGE_VIEWED, ("crm:1", "cookie:one"), now, now)

    with store.read() as reader:
        web = reader.web([IDS.profile_id("crm", "crm:1"), COOKIE])
    links = link(signal, web, {}, IDS, IdentityRules())

    assert links.person_id == P1
    assert links.moved == ()
