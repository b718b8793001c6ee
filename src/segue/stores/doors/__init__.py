"""What the doors remember beside the log: who may come in, and what was answered already."""

from segue.stores.doors.db import DOORS_FILE, DoorsDb, table

__all__ = ["DOORS_FILE", "DoorsDb", "table"]
