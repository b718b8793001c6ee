"""The log is sealed, chained and bound to its place."""

from pathlib import Path
from typing import Any

import apsw
import pytest

from segue.core.errors import BusyError, IntegrityError
from segue.core.ids import IdKey
from segue.stores import SqliteStore
from tests.contract.store_builders import (
    IDS,
    MASTER,
    a_fact,
    a_message,
    a_signal,
    a_step,
    an_effect,
    profile_of,
)


def a_home(directory: Path) -> None:
    store = SqliteStore.open(directory, master_key=MASTER, ids=IDS)
    for number in range(3):
        with store.write() as unit:
            unit.accept(a_signal(f"{number}a"))
            unit.accept(a_signal(f"{number}b"))
    store.close()


def change(directory: Path, sql: str, *values: object) -> None:
    database = apsw.Connection(str(directory / "segue.db"))
    database.execute(sql, values)
    database.close()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE events SET payload = CAST(x'00' || substr(payload, 2) AS BLOB) WHERE seq = 3",
        "UPDATE events SET key_id = key_id + 1 WHERE seq = 4",
        "DELETE FROM events WHERE seq = 4",
        "UPDATE events SET at = at + 1 WHERE seq = 3",
    ],
)
def test_a_changed_event_breaks_the_chain_at_its_link(tmp_path: Path, sql: str) -> None:
    a_home(tmp_path)
    change(tmp_path, sql)
    store = SqliteStore.open(tmp_path, master_key=MASTER)

    with pytest.raises(IntegrityError, match="at the link of events 3 to 4"):
        store.verify_chain()
    store.close()


def test_events_without_a_link_are_found(tmp_path: Path) -> None:
    a_home(tmp_path)
    change(tmp_path, "DELETE FROM chain WHERE first_seq = 5")
    store = SqliteStore.open_read_only(tmp_path, master_key=MASTER)

    with pytest.raises(IntegrityError, match="no link for events from 5 on"):
        store.verify_chain()
    store.close()


def test_an_event_moved_to_another_place_cannot_be_read(tmp_path: Path) -> None:
    a_home(tmp_path)
    change(tmp_path, "UPDATE events SET payload = (SELECT payload FROM events WHERE seq = 1) WHERE seq = 2")
    store = SqliteStore.open(tmp_path, master_key=MASTER)

    with store.read() as reader, pytest.raises(IntegrityError, match="event 2 cannot be decrypted"):
        list(reader.log())
    store.close()


def test_another_master_key_or_id_key_is_refused(tmp_path: Path) -> None:
    a_home(tmp_path)

    with pytest.raises(IntegrityError, match="does not open with this master key"):
        SqliteStore.open(tmp_path, master_key=bytes(32))
    with pytest.raises(IntegrityError, match="another id key"):
        SqliteStore.open(tmp_path, master_key=MASTER, ids=IdKey(b"another id key for tests"))


def test_no_word_and_no_address_stands_in_the_log_in_clear(tmp_path: Path) -> None:
    a_home(tmp_path)

    database = apsw.Connection(str(tmp_path / "segue.db"))
    rows: list[Any] = database.execute("SELECT * FROM events").fetchall()
    database.close()

    assert b"ann@x.io" not in b"".join(str(row).encode() + row[-1] for row in rows)


def test_projections_of_another_schema_are_rebuilt_when_the_home_is_opened(tmp_path: Path) -> None:
    a_home(tmp_path)
    store = SqliteStore.open(tmp_path, master_key=MASTER)
    before = store.projection_hash()
    store.close()
    change(tmp_path, "UPDATE meta SET value = 'older' WHERE name = 'projection schema'")
    change(tmp_path, "DROP TABLE signals")

    with pytest.raises(BusyError, match="open it for writing once"):
        SqliteStore.open_read_only(tmp_path, master_key=MASTER)

    store = SqliteStore.open(tmp_path, master_key=MASTER)

    assert store.projection_hash() == before
    store.close()


# --- erasing ------------------------------------------------------------------------------------------


def two_people(directory: Path, hook: object = None) -> SqliteStore:
    extra = {"hook": hook} if hook else {}
    store = SqliteStore.open(directory, master_key=MASTER, ids=IDS, **extra)  # type: ignore[arg-type]
    ann = a_signal("1", body={"channel": "email", "text": "Zanzibar zebra"})
    bob = a_signal("2", identifiers=("email:bob@x.io",), body={"channel": "email", "text": "Quokka quiz"})
    draft = {"to": "ann@x.io", "text": "Dear Annabelle"}
    with store.write() as unit:
        for signal in (ann, bob):
            unit.accept(signal)
        about = f"profile:{profile_of(ann)}"
        fact = a_fact("Annabelle Zimmer", 1, subject=about, predicate="name")
        unit.record(a_step(ann, messages=(a_message(ann, "Zanzibar zebra"),), facts=(fact,)))
        effect = an_effect(bob, profile_id=profile_of(ann), arguments=draft)
        unit.record(a_step(bob, messages=(a_message(bob, "Quokka quiz"),), effects=(effect,)))
    return store


def all_bytes(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(directory.iterdir())).lower()


def test_erasing_leaves_no_word_of_the_person_and_every_word_of_others(tmp_path: Path) -> None:
    store = two_people(tmp_path)
    ann = profile_of(a_signal("1"))
    assert b"zanzibar" in all_bytes(tmp_path)

    store.erase((ann,), a_signal().received_at, ("keyed-hash",))

    with store.read() as reader:
        assert reader.person(ann, as_of=None, known_at=None) is None
        assert [row.seq for row in reader.log() if row.event is None] == [1, 3]
        assert [effect.effect.id for effect in reader.due_effects(a_signal().received_at, 9)] == []
    store.verify_chain()
    assert store.tombstones() == {"keyed-hash": a_signal().received_at}
    store.close()
    left = all_bytes(tmp_path)
    assert [
        word for word in (b"zanzibar", b"zebra", b"annabelle", b"zimmer", b"ann@x.io") if word in left
    ] == []
    assert b"quokka" in left


def test_an_erasure_cut_short_is_finished_when_the_home_is_opened(tmp_path: Path) -> None:
    class Cut(BaseException):
        """Stands for the end of the process."""

    armed = False

    def hook(point: str) -> None:
        if armed and point == "after_commit":
            raise Cut

    store = two_people(tmp_path, hook)
    armed = True
    with pytest.raises(Cut):
        store.erase((profile_of(a_signal("1")),), a_signal().received_at)
    store.close()

    SqliteStore.open(tmp_path, master_key=MASTER).close()

    assert b"zanzibar" not in all_bytes(tmp_path)
    assert b"quokka" in all_bytes(tmp_path)


def test_an_erased_person_who_comes_back_starts_anew(tmp_path: Path) -> None:
    store = two_people(tmp_path)
    store.erase((profile_of(a_signal("1")),), a_signal().received_at)

    with store.write() as unit:
        unit.accept(a_signal("9"))
    store.rebuild()

    with store.read() as reader:
        assert [item.signal for item in reader.pending(9)] == [a_signal("9")]
    store.close()
