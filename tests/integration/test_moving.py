"""A person is exported whole, alone, and taken over by another home as they were; nothing is done twice."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import segue
from segue.bootstrap import Home, create_home, read_home, rebuild, replay
from segue.bootstrap.operations.erasing import erase
from segue.bootstrap.operations.exporting import export_person
from segue.bootstrap.operations.importing import ImportReport, import_person
from segue.connectors.sandbox import Fault
from segue.core.errors import ConflictError, InputError, MissingError
from segue.core.ids import IdKey
from segue.core.units import to_instant
from segue.runtime.clock import VirtualClock
from segue.stores import SqliteStore

START = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
NOW = to_instant(START + timedelta(days=9))
KEY, OTHER = IdKey(b"fixed id key for tests only"), IdKey(b"another key of another home")
ANN, BOB, ACME = "email:ann@x.io", "email:bob@x.io", "account:x"


def signal(source_id: str, kind: str, who: tuple[str, ...], at: datetime, **body: object) -> segue.Signal:
    return segue.Signal("tools", source_id, kind, who, at, body)


async def lived(path: Path, key: IdKey = KEY) -> Path:
    """Ann and Bob of one account write, are answered, and are handed over."""
    ann, bob = (ANN, "crm:7", ACME), (BOB, ACME)
    story = [
        signal("1", "account.updated", (ACME,), START, facts={"name": "Xylo", "health": 70}),
        signal("2", "profile.updated", ann, START, facts={"name": "Ann Lee", "email": "ann@x.io"}),
        signal("3", "profile.updated", bob, START, facts={"name": "Bob Ray", "email": "bob@x.io"}),
        signal(
            "4",
            "message.received",
            (ANN, ACME),
            START,
            channel="email",
            text="We are 40 people. Where is our data stored?",
        ),
        signal(
            "5",
            "message.received",
            bob,
            START,
            channel="email",
            text="Can I talk to a human about Bob's matter?",
        ),
        signal("6", "ticket.opened", ann, START, ticket="T1", topic="billing", text="A wrong invoice"),
    ]
    async with segue.open(path, clock=segue.VirtualClock(START), id_key=key) as app:
        await app.submit(story)
        await app.settle(until=START + timedelta(days=2))
    return path


def exported(home: Path, who: str = ANN) -> list[bytes]:
    with read_home(home) as readings:
        return list(export_person(readings, who, NOW))


def taken_over(home: Path, lines: list[bytes]) -> ImportReport:
    store = SqliteStore.open(home, master_key=Home(home).master_key())
    try:
        return import_person(store, lines, NOW)
    finally:
        store.close()


def hash_of(home: Path, who: str = ANN) -> str:
    with read_home(home) as readings, readings.store.read() as reader:
        return reader.person_hash(readings.person(who).profile_ids)


async def test_a_home_with_the_same_key_knows_exactly_the_same_of_them(tmp_path: Path) -> None:
    old, new = await lived(tmp_path / "old"), create_home(tmp_path / "new", id_key=KEY).path

    report = taken_over(new, exported(old))

    assert report.profiles == 2
    assert hash_of(new) == hash_of(old)
    assert (rebuild(new).equal, replay(new).different) == (True, [])
    assert exported(new)[1:] == exported(old)[1:]


async def test_a_home_of_another_key_knows_the_same_under_its_own_ids(tmp_path: Path) -> None:
    old, new = await lived(tmp_path / "old"), create_home(tmp_path / "new", id_key=OTHER).path

    taken_over(new, exported(old))

    with read_home(old) as before, read_home(new) as after:
        then = START + timedelta(days=2)
        was, is_ = before.person(ANN, as_of=then), after.person(ANN, as_of=then)
        assert is_.person_id != was.person_id
        assert [item.text for item in is_.messages] == [item.text for item in was.messages]
        assert {(f.predicate, str(f.value)) for f in is_.facts if f.subject.startswith("profile:")} == {
            (f.predicate, str(f.value)) for f in was.facts if f.subject.startswith("profile:")
        }
        assert [item.because for item in is_.decisions] == [item.because for item in was.decisions]
    async with segue.open(new, clock=segue.VirtualClock(START + timedelta(days=10))) as app:
        at = START + timedelta(days=10)
        again = signal(
            "4",
            "message.received",
            (ANN, ACME),
            START,
            channel="email",
            text="We are 40 people. Where is our data stored?",
        )
        receipts = await app.submit([again, signal("9", "page.viewed", (ANN,), at, path="/x")])
        await app.settle(until=at)
        assert [item.state for item in receipts] == ["duplicate", "accepted"]
        assert app.person(ANN).person_id == app.person("crm:7").person_id


async def test_an_export_holds_nothing_of_anybody_else(tmp_path: Path) -> None:
    text = b"\n".join(exported(await lived(tmp_path))).decode()

    assert "Ann Lee" in text
    assert [word for word in ("Bob", "bob@x.io", "Xylo") if word in text] == []
    assert all(json.loads(line) for line in text.splitlines())


async def test_whoever_was_erased_is_neither_exported_nor_brought_back(tmp_path: Path) -> None:
    home = await lived(tmp_path)
    lines = exported(home)
    erase(home, ANN, VirtualClock(START + timedelta(days=3)))

    with pytest.raises(MissingError):
        exported(home)
    with pytest.raises(ConflictError, match="erased here"):
        taken_over(home, lines)


async def test_what_had_not_gone_out_ends_where_it_comes_to(tmp_path: Path) -> None:
    old, new = tmp_path / "old", create_home(tmp_path / "new", id_key=KEY).path
    asked = signal("1", "message.received", (ANN,), START, channel="email", text="Can I talk to a human?")
    async with segue.open(old, clock=segue.VirtualClock(START), id_key=KEY) as app:
        assert app.sandbox is not None
        app.sandbox.fault("helpdesk", Fault("fail", times=-1, seconds=86_400))
        await app.submit([asked])
        await app.settle()
        waiting = [row.effect.id for row in app.effects("pending")]

    report = taken_over(new, exported(old))

    with read_home(new) as readings:
        assert [row.effect.id for row in readings.effects("cancelled")] == waiting
        assert readings.effects("pending") == []
    assert report.ended == len(waiting) == 1


async def test_nobody_is_taken_over_twice(tmp_path: Path) -> None:
    lines = exported(await lived(tmp_path / "old"))
    new = create_home(tmp_path / "new", id_key=OTHER).path
    taken_over(new, lines)

    with pytest.raises(ConflictError, match="known here already"):
        taken_over(new, lines)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda lines: [b"{}"], "line 1 is no head"),
        (lambda lines: [], "line 1 is no head"),
        (lambda lines: [lines[0].replace(b"segue.person/1", b"segue.person/9")], "none this version reads"),
        (lambda lines: [lines[0], b"{"], "line 2 is no event"),
        (lambda lines: [lines[0], b'{"type":"erased","at":1,"profile_ids":["x"]}'], "line 2"),
        (
            lambda lines: [
                lines[0],
                b'{"type":"stepped","signal_id":"s","now":1,"lane":"","subject":"profile:bob"}',
            ],
            "somebody else",
        ),
    ],
)
async def test_a_spoilt_export_is_said_so_and_nothing_is_kept(
    spoil: Callable[[list[bytes]], list[bytes]], message: str, tmp_path: Path
) -> None:
    lines = exported(await lived(tmp_path / "old"))
    new = create_home(tmp_path / "new", id_key=OTHER).path

    with pytest.raises(InputError, match=message):
        taken_over(new, spoil(lines))

    store = SqliteStore.open(new, master_key=Home(new).master_key())
    with store.read() as reader:
        assert reader.position() == 0
    store.close()
