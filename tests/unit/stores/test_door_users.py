"""Users, sessions and reveals: what is kept is never what was given, and it ends on time."""

from pathlib import Path

import pytest

from segue.core.errors import ConflictError, InputError, MissingError
from segue.core.units import HOUR, MINUTE, Instant
from segue.stores.doors import IDLE, LONGEST, OPEN_FOR, DoorsDb, Reveals, Sessions, Users, hash_of
from tests.build import NOW

PASSWORD = "a long enough sentence"


def later(micro: int) -> Instant:
    return Instant(NOW + micro)


def test_a_user_is_let_in_by_name_and_password_alone() -> None:
    users = Users(DoorsDb(None))
    users.add("Anna@Acme.com", "rep", PASSWORD, NOW, owner="Anna Berger")

    right = users.check("anna@acme.COM ", PASSWORD)

    assert right is not None
    assert (right.name, right.role, right.owner) == ("anna@acme.com", "rep", "Anna Berger")
    assert users.check("anna@acme.com", PASSWORD + "!") is None
    assert users.check("eve", PASSWORD) is None


def test_a_user_of_the_proxy_has_no_password_to_guess() -> None:
    users = Users(DoorsDb(None))
    users.add("anna", "rep", None, NOW)

    assert users.check("anna", "") is None
    assert users.check("anna", PASSWORD) is None


@pytest.mark.parametrize("name", ["a\ud800b", "\x00", "x" * 10_000, "ann\u0000a", ""])
def test_odd_names_and_passwords_are_nobody(name: str) -> None:
    users = Users(DoorsDb(None))
    users.add("anna", "rep", PASSWORD, NOW)

    assert users.find(name) is None
    assert users.check(name, name) is None


@pytest.mark.parametrize("name", ["", "an na", "-anna", "anna\n", "ä", "x" * 81])
def test_a_name_that_would_trip_something_up_is_refused(name: str) -> None:
    if name == "anna\n":
        assert Users(DoorsDb(None)).add(name, "viewer", None, NOW).name == "anna"
        return
    with pytest.raises(InputError, match="letters, digits"):
        Users(DoorsDb(None)).add(name, "viewer", None, NOW)


def test_what_is_wrong_is_told_with_a_suggestion() -> None:
    users = Users(DoorsDb(None))
    users.add("anna", "rep", PASSWORD, NOW)

    with pytest.raises(InputError, match="unknown role `opertor`; did you mean `operator`"):
        users.add("bob", "opertor", PASSWORD, NOW)
    with pytest.raises(InputError, match="write 12 to 1,000 characters"):
        users.add("bob", "rep", "short", NOW)
    with pytest.raises(InputError, match="guessed first"):
        users.add("bob", "rep", "a" * 20, NOW)
    with pytest.raises(ConflictError, match="there is a user `anna`"):
        users.add("ANNA", "rep", PASSWORD, NOW)
    with pytest.raises(MissingError, match="no user `ana`; did you mean `anna`"):
        users.remove("ana")


def test_a_new_password_replaces_the_old_one() -> None:
    users = Users(DoorsDb(None))
    users.add("anna", "rep", PASSWORD, NOW)

    users.set_password("anna", "another long sentence", NOW)

    assert users.check("anna", PASSWORD) is None
    assert users.check("anna", "another long sentence") is not None


def test_the_file_holds_no_password_and_no_session(tmp_path: Path) -> None:
    db = DoorsDb(tmp_path / "doors.db")
    Users(db).add("anna", "rep", PASSWORD, NOW)
    secret = Sessions(db).start("anna", NOW)
    Reveals(db).add("anna", "p1", hash_of(secret), NOW)
    db.close()

    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert b"anna" in held
    assert PASSWORD.encode() not in held
    assert secret.encode() not in held
    assert bytes.fromhex(secret) not in held


def test_a_session_ends_by_idleness() -> None:
    sessions = Sessions(DoorsDb(None))
    secret = sessions.start("anna", NOW)

    assert sessions.find(secret, later(IDLE - MINUTE)) is not None
    assert sessions.find(secret, later(2 * IDLE - 2 * MINUTE)) is not None
    assert sessions.find(secret, later(3 * IDLE)) is None


def test_a_session_ends_by_age_however_busy() -> None:
    sessions = Sessions(DoorsDb(None))
    secret = sessions.start("anna", NOW)
    hours = range(1, LONGEST // HOUR)

    assert all(sessions.find(secret, later(hour * HOUR)) for hour in hours)
    assert sessions.find(secret, later(LONGEST)) is None


def test_signing_out_ends_one_session_or_all() -> None:
    sessions = Sessions(DoorsDb(None))
    first, second, other = (sessions.start(name, NOW) for name in ("anna", "anna", "bob"))

    sessions.end(first)
    assert (sessions.find(first, NOW), sessions.find(second, NOW) is not None) == (None, True)
    assert len(sessions.of("anna", NOW)) == 1

    sessions.end_all("anna")
    assert sessions.find(second, NOW) is None
    assert sessions.find(other, NOW) is not None


def test_a_forged_session_is_nobodys() -> None:
    assert Sessions(DoorsDb(None)).find("0" * 64, NOW) is None
    assert Sessions(DoorsDb(None)).find("\ud800", NOW) is None


def test_a_reveal_opens_one_person_to_one_browser_for_a_while() -> None:
    reveals = Reveals(DoorsDb(None))
    reveals.add("anna", "p1", b"browser", NOW)

    assert reveals.open_to(b"browser", NOW) == {"p1"}
    assert reveals.open_to(b"other", NOW) == frozenset()
    assert reveals.open_to(b"browser", later(OPEN_FOR)) == frozenset()


def test_reveals_are_kept_and_read_in_pages() -> None:
    reveals = Reveals(DoorsDb(None))
    for n in range(5):
        reveals.add("anna", f"p{n}", b"browser", later(n))

    first = reveals.newest(3)
    rest = reveals.newest(3, first[-1].pos)

    assert [item.whom for item in (*first, *rest)] == ["p4", "p3", "p2", "p1", "p0"]
    assert {item.by for item in first} == {"anna"}
