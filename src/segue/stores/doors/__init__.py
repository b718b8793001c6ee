"""What the doors remember beside the log: who may come in, and what was answered already."""

from segue.stores.doors.db import DOORS_FILE, DoorsDb, table
from segue.stores.doors.wishes import Wish, keep_wishes, waiting_wishes, wishes_done

__all__ = [
    "DOORS_FILE",
    "DoorsDb",
    "Wish",
    "keep_wishes",
    "table",
    "waiting_wishes",
    "wishes_done",
]
