"""The store: an encrypted event log that is the truth, and projections folded from it, in SQLite."""

from segue.stores.home import (
    MASTER_KEY_FILE,
    create_home,
    is_home,
    read_key_file,
    read_master_key,
    write_master_key,
)
from segue.stores.lock import HomeLock, holder_of
from segue.stores.reader import SqliteReader
from segue.stores.store import SqliteStore
from segue.stores.unit import SqliteUnit

__all__ = [
    "MASTER_KEY_FILE",
    "HomeLock",
    "SqliteReader",
    "SqliteStore",
    "SqliteUnit",
    "create_home",
    "holder_of",
    "is_home",
    "read_key_file",
    "read_master_key",
    "write_master_key",
]
