"""API keys: who may call the API, for what, and until when; only a hash of the secret is kept.

A secret has 128 random bits, so nobody finds it by trying: a fast keyed hash is right here, where a password
would need a slow one. The hash is keyed by the home's master key, so that the file alone tells nothing.
"""

import hmac
import re
from base64 import b32hexencode
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal, get_args

from sqlalchemy import Column, Integer, LargeBinary, Text, insert, select, update

from segue.core.errors import InputError, MissingError
from segue.core.units import Instant
from segue.stores import crypto
from segue.stores.doors.db import DoorsDb, table
from segue.stores.statements import Statement, given

Scope = Literal["ingest", "record", "gate", "read", "act"]
SCOPES: tuple[str, ...] = get_args(Scope)
"""`ingest` takes signals in as claims, `record` as a system of record's word; `gate` asks before sending,
`read` sees people, `act` approves and stops."""

_KEYS = table(
    "api_keys",
    Column("id", Text, primary_key=True),
    Column("prefix", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created_at", Integer, nullable=False),
    Column("expires_at", Integer),
    Column("last_used_at", Integer),
    Column("revoked_at", Integer),
)
_K = _KEYS.c
_SHOWN = (_K.id, _K.prefix, _K.name, _K.scopes, _K.created_at, _K.expires_at, _K.last_used_at, _K.revoked_at)
_FIND = Statement(lambda: select(*_SHOWN, _K.hash).where(_K.id == given("id")))
_ALL = Statement(lambda: select(*_SHOWN).order_by(_K.created_at, _K.id))
_ADD = Statement(
    lambda: insert(_KEYS).values(
        id=given("id"),
        prefix=given("prefix"),
        name=given("name"),
        hash=given("hash"),
        scopes=given("scopes"),
        created_at=given("created_at"),
        expires_at=given("expires_at"),
    )
)
_REVOKE = Statement(lambda: update(_KEYS).values(revoked_at=given("at")).where(_K.id == given("key")))
_USED = Statement(lambda: update(_KEYS).values(last_used_at=given("at")).where(_K.id == given("key")))

_FORM = re.compile(r"sk_([a-z0-9-]{1,40})_([0-9a-v]{10})_([0-9a-v]{26})")
_TENANT = re.compile(r"[a-z0-9-]{1,40}")
_ID_DIGITS, _SECRET_BYTES = 10, 16
_MAX_NAME = 100


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is known of a key; its secret is not.

    Attributes:
        prefix: How the key begins, `sk_TENANT_ID`: enough to tell which one it is.
        expires_at: From then on it opens nothing; None: never.
    """

    id: str
    prefix: str
    name: str
    scopes: tuple[str, ...]
    created_at: Instant
    expires_at: Instant | None = None
    last_used_at: Instant | None = None
    revoked_at: Instant | None = None

    def opens(self, at: Instant) -> bool:
        """Whether it is good at that time."""
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)


class ApiKeys:
    """The keys of one home; may be used from any thread, and beside the server that checks them.

    Args:
        db: The database of the doors.
        master_key: The home's master key, which keys the hash.
    """

    def __init__(self, db: DoorsDb, master_key: bytes) -> None:
        self._db = db
        self._pepper = blake2b(b"segue api keys", key=master_key, digest_size=32).digest()

    def create(
        self, name: str, scopes: Collection[str], tenant: str, now: Instant, expires_at: Instant | None = None
    ) -> tuple[ApiKey, str]:
        """Make a key; the text is told this once and can never be read again.

        Args:
            name: What it is for, 1 to 100 characters.
            scopes: One or more of `SCOPES`.
            tenant: Whose it is, as the key itself says; clients without a path of their own need it.
            now: When.
            expires_at: When it ends; None: never.

        Raises:
            InputError: Name, scopes, tenant or expiry cannot be.
        """
        name = name.strip()
        if not 1 <= len(name) <= _MAX_NAME or not name.isprintable():
            raise InputError(f"name: write 1 to {_MAX_NAME} printable characters")
        if not _TENANT.fullmatch(tenant):
            raise InputError(f"tenant `{tenant[:60]}`: write lower-case letters, digits and `-`")
        if expires_at is not None and expires_at <= now:
            raise InputError("expires: that time has passed")
        key_id = _drawn(_SECRET_BYTES)[:_ID_DIGITS]
        secret = _drawn(_SECRET_BYTES)
        key = ApiKey(key_id, f"sk_{tenant}_{key_id}", name, _scopes(scopes), now, expires_at)
        with self._db.transaction() as db:
            db.do(
                _ADD,
                *(key.id, key.prefix, key.name, self._hash(key_id, secret), " ".join(key.scopes)),
                *(now, expires_at),
            )
        return key, f"{key.prefix}_{secret}"

    def find(self, text: str, now: Instant) -> ApiKey | None:
        """The key a caller shows; None where it is malformed, unknown, revoked or expired."""
        form = _FORM.fullmatch(text)
        if form is None:
            return None
        with self._db.transaction() as db:
            row = db.row(_FIND, form[2])
        kept = bytes(row[-1]) if row else b""
        if row is None or not hmac.compare_digest(kept, self._hash(form[2], form[3])):
            return None
        key = _key(row[:-1])
        return key if key.opens(now) else None

    def all(self) -> list[ApiKey]:
        """Every key there ever was, oldest first."""
        with self._db.transaction() as db:
            return [_key(row) for row in db.rows(_ALL)]

    def revoke(self, key_id: str, now: Instant) -> ApiKey:
        """End a key; ending it again changes nothing.

        Args:
            key_id: Its id, or its prefix.
            now: When.

        Raises:
            MissingError: There is no such key.
        """
        wanted = key_id.rpartition("_")[2]
        with self._db.transaction() as db:
            row = db.row(_FIND, wanted)
            if row is None:
                raise MissingError(f"no key `{key_id[:60]}`; `segue keys list` shows them")
            if row[-2] is None:
                db.do(_REVOKE, now, wanted)
        with self._db.transaction() as db:
            row = db.row(_FIND, wanted)
        assert row is not None  # noqa: S101 - keys are never deleted
        return _key(row[:-1])

    def used(self, key_id: str, now: Instant) -> None:
        """Write down that a key was used."""
        with self._db.transaction() as db:
            db.do(_USED, now, key_id)

    def _hash(self, key_id: str, secret: str) -> bytes:
        return blake2b(f"{key_id}_{secret}".encode(), key=self._pepper, digest_size=32).digest()


def tenant_of(text: str) -> str:
    """The tenant a key names; empty where it is no key. It says nothing of whether the key is good.

    >>> tenant_of("sk_acme_0123456789_0123456789abcdefghijklmnop")
    'acme'
    """
    form = _FORM.fullmatch(text)
    return form[1] if form else ""


def _scopes(wanted: Iterable[str]) -> tuple[str, ...]:
    given_scopes = set(wanted)
    if "record" in given_scopes:
        given_scopes.add("ingest")  # Whose word is believed may tell what anybody may.
    unknown = sorted(given_scopes - set(SCOPES))
    if unknown or not given_scopes:
        named = f"scope `{unknown[0][:60]}` is unknown" if unknown else "a key needs a scope"
        raise InputError(f"{named}; write one or more of {', '.join(SCOPES)}")
    return tuple(scope for scope in SCOPES if scope in given_scopes)


def _key(row: tuple[object, ...]) -> ApiKey:
    key_id, prefix, name, scopes, *times = row
    created, expires, used, revoked = (None if at is None else Instant(int(str(at))) for at in times)
    assert created is not None  # noqa: S101 - the column is never null
    return ApiKey(
        str(key_id), str(prefix), str(name), tuple(str(scopes).split()), created, expires, used, revoked
    )


def _drawn(size: int) -> str:
    return b32hexencode(crypto.new_key()[:size]).decode().rstrip("=").lower()
