"""What the doors remember beside the log: who may come in, and what was answered already."""

from segue.stores.doors.db import DOORS_FILE, DoorsDb, table
from segue.stores.doors.reveals import OPEN_FOR, Reveal, Reveals
from segue.stores.doors.sessions import IDLE, LONGEST, Session, Sessions, hash_of, new_secret
from segue.stores.doors.users import ROLES, Role, User, Users, spelt

__all__ = [
    "DOORS_FILE",
    "IDLE",
    "LONGEST",
    "OPEN_FOR",
    "ROLES",
    "DoorsDb",
    "Reveal",
    "Reveals",
    "Role",
    "Session",
    "Sessions",
    "User",
    "Users",
    "hash_of",
    "new_secret",
    "spelt",
    "table",
]
