"""What the doors remember beside the log: who may come in, and what was answered already."""

from segue.stores.doors.answers import Answer, Answers, Begun, Found, Reused, Running
from segue.stores.doors.api_keys import SCOPES, ApiKey, ApiKeys, Scope, tenant_of
from segue.stores.doors.db import DOORS_FILE, DoorsDb, table
from segue.stores.doors.wishes import Wish, keep_wishes, waiting_wishes, wishes_done

__all__ = [
    "DOORS_FILE",
    "SCOPES",
    "Answer",
    "Answers",
    "ApiKey",
    "ApiKeys",
    "Begun",
    "DoorsDb",
    "Found",
    "Reused",
    "Running",
    "Scope",
    "Wish",
    "keep_wishes",
    "table",
    "tenant_of",
    "waiting_wishes",
    "wishes_done",
]
