"""What the doors remember beside the log: who may come in, and what was answered already."""

from segue.stores.doors.answers import Answer, Answers, Begun, Found, Reused, Running
from segue.stores.doors.api_keys import SCOPES, ApiKey, ApiKeys, Scope, tenant_of
from segue.stores.doors.db import DOORS_FILE, DoorsDb, table
from segue.stores.doors.reveals import OPEN_FOR, Reveal, Reveals
from segue.stores.doors.sessions import IDLE, LONGEST, Session, Sessions, hash_of, new_secret
from segue.stores.doors.users import ROLES, Role, User, Users, spelt
from segue.stores.doors.wishes import Wish, forget_wishes, keep_wishes, waiting_wishes, wishes_done

__all__ = [
    "DOORS_FILE",
    "IDLE",
    "LONGEST",
    "OPEN_FOR",
    "ROLES",
    "SCOPES",
    "Answer",
    "Answers",
    "ApiKey",
    "ApiKeys",
    "Begun",
    "DoorsDb",
    "Found",
    "Reused",
    "Reveal",
    "Reveals",
    "Role",
    "Running",
    "Scope",
    "Session",
    "Sessions",
    "User",
    "Users",
    "Wish",
    "forget_wishes",
    "hash_of",
    "keep_wishes",
    "new_secret",
    "spelt",
    "table",
    "tenant_of",
    "waiting_wishes",
    "wishes_done",
]
