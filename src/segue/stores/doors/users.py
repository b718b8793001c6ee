"""Users: who may sign in to the pages, in which role; passwords are kept as Argon2id hashes only."""

import re
import threading
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Literal, get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Column, Integer, Text, delete, func, select, update

from segue.core.encoding import nfc
from segue.core.errors import ConflictError, InputError, MissingError
from segue.core.units import Instant
from segue.stores.crypto import new_key
from segue.stores.doors.db import DoorsDb, table
from segue.stores.statements import Statement, given, insert

Role = Literal["viewer", "rep", "operator", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
"""Each may do all that the one before it may: read; approve, reveal; stop, put back; see who revealed."""

LEAST_PASSWORD, MOST_PASSWORD = 12, 1_000
"""Length of a password in characters; NIST SP 800-63B asks for length and for nothing else."""

_USERS = table(
    "users",
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("created_at", Integer, nullable=False),
    Column("changed_at", Integer, nullable=False),
)
_U = _USERS.c
_ADD = insert(_USERS)
_SHOWN = (_U.name, _U.role, _U.owner, _U.created_at, _U.changed_at, _U.hash)
_FIND = Statement(lambda: select(*_SHOWN).where(_U.name == given("name")))
_ALL = Statement(lambda: select(*_SHOWN).order_by(_U.name))
_COUNT = Statement(lambda: select(func.count()).select_from(_USERS))
_SET = Statement(
    lambda: update(_USERS).values(hash=given("hash"), changed_at=given("at")).where(_U.name == given("name"))
)
_REMOVE = Statement(lambda: delete(_USERS).where(_U.name == given("name")))

_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,79}")
_AT_ONCE = threading.BoundedSemaphore(2)
"""A check takes 64 MiB for a moment: a flood of guesses must not take the machine's memory."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sign in.

    Attributes:
        name: Lower case; what is written where they approve something.
        role: What they may do, see `ROLES`.
        owner: Name or address of the account executive whose drafts alone they decide on; empty: all.
        has_password: False where only a trusted proxy lets them in.
    """

    name: str
    role: Role
    owner: str
    created_at: Instant
    changed_at: Instant
    has_password: bool = True

    def may(self, role: Role) -> bool:
        """Whether they may do what that role may."""
        return ROLES.index(self.role) >= ROLES.index(role)


class Users:
    """The users of one home; may be used from any thread, and beside the server.

    Args:
        db: The database of the doors.
    """

    def __init__(self, db: DoorsDb) -> None:
        self._db = db

    def add(self, name: str, role: str, password: str | None, now: Instant, owner: str = "") -> User:
        """Add a user; without a password only a trusted proxy lets them in.

        Raises:
            InputError: Name, role or password cannot be.
            ConflictError: There is one of that name.
        """
        name = spelt(name)
        known = _role(role)
        hashed = "" if password is None else _hash(_checked(password, name))
        with self._db.transaction() as db:
            if db.row(_FIND, name) is not None:
                raise ConflictError(f"there is a user `{name}`; `segue users password` gives a new password")
            db.do(_ADD, name, known, owner.strip(), hashed, now, now)
        return User(name, known, owner.strip(), now, now, password is not None)

    def find(self, name: str) -> User | None:
        """A user by name, in any case."""
        with self._db.transaction() as db:
            row = db.row(_FIND, _key(name))
        return _user(row) if row else None

    def all(self) -> list[User]:
        """Every user, by name."""
        with self._db.transaction() as db:
            return [_user(row) for row in db.rows(_ALL)]

    def is_empty(self) -> bool:
        """Whether nobody can sign in yet."""
        with self._db.transaction() as db:
            row = db.row(_COUNT)
        return row is None or row[0] == 0

    def set_password(self, name: str, password: str, now: Instant) -> User:
        """Give a new password.

        Raises:
            InputError: It is too short or too long.
            MissingError: There is no such user.
        """
        user = self._known(name)
        with self._db.transaction() as db:
            db.do(_SET, _hash(_checked(password, user.name)), now, user.name)
        return user

    def remove(self, name: str) -> User:
        """Remove a user.

        Raises:
            MissingError: There is no such user.
        """
        user = self._known(name)
        with self._db.transaction() as db:
            db.do(_REMOVE, user.name)
        return user

    def check(self, name: str, password: str) -> User | None:
        """The user whose password that is; it takes as long for a name that nobody has."""
        with self._db.transaction() as db:
            row = db.row(_FIND, _key(name))
        known = str(row[-1]) if row else ""
        right = _verify(known or _nobody(), password[: MOST_PASSWORD + 1])
        return _user(row) if row and known and right else None

    def _known(self, name: str) -> User:
        user = self.find(name)
        if user is None:
            near = get_close_matches(name[:60], [item.name for item in self.all()], n=1)
            hint = f"did you mean `{near[0]}`?" if near else "`segue users list` shows them"
            raise MissingError(f"no user `{name[:60]}`; {hint}")
        return user


def spelt(name: str) -> str:
    """A user's name as it is kept: lower case, without what a page or a header would trip over.

    Raises:
        InputError: It cannot be a name.
    """
    name = name.strip().lower()
    if not _NAME.fullmatch(name):
        allowed = "1 to 80 letters, digits and `. _ @ + -`"
        raise InputError(f"user `{name[:60]}`: write {allowed}, such as `anna` or `anna@acme.com`")
    return name


def _key(name: str) -> str:
    """What a name from outside is looked up by; never an error."""
    return name.strip().lower()[:200].encode(errors="replace").decode()


def _role(role: str) -> Role:
    found = next((item for item in ROLES if item == role), None)
    if found is None:
        near = get_close_matches(role[:60], ROLES, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"write one of {', '.join(ROLES)}"
        raise InputError(f"unknown role `{role[:60]}`; {hint}")
    return found


def _checked(password: str, name: str) -> str:
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        raise InputError(f"password: write {LEAST_PASSWORD} to {MOST_PASSWORD:,} characters")
    if password.lower() in {name, name * 2} or len(set(password)) == 1:
        raise InputError("password: that one is guessed first; a sentence is a good password")
    return password


def _hasher() -> PasswordHasher:
    return PasswordHasher()  # RFC 9106, second recommended option: 64 MiB, three passes


def _hash(password: str) -> str:
    with _AT_ONCE:
        return _hasher().hash(nfc(password))


def _verify(hashed: str, password: str) -> bool:
    with _AT_ONCE:
        try:
            return _hasher().verify(hashed, nfc(password))
        except (VerificationError, InvalidHashError, InputError):
            return False


@cache
def _nobody() -> str:
    """The hash of a password that nobody has."""
    return _hash(new_key().hex())


def _user(row: tuple[object, ...]) -> User:
    name, role, owner, created_at, changed_at, hashed = row
    return User(
        str(name), _role(str(role)), str(owner), _at(created_at), _at(changed_at), has_password=bool(hashed)
    )


def _at(held: object) -> Instant:
    return Instant(held) if isinstance(held, int) else Instant(0)
