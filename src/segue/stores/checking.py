"""Checks of a copied log: its chain holds, and every event has its key or was erased."""

from pathlib import Path

from segue.core.errors import IntegrityError
from segue.stores.db import Db
from segue.stores.keys import Keys
from segue.stores.log import Log

_KEY_IDS = "SELECT key_id FROM events UNION SELECT key_id FROM event_parts"


def check_log(database: Path, key_file: Path, master_key: bytes) -> None:
    """Recompute the chain, and look for a key that is neither there nor erased.

    Raises:
        IntegrityError: The log is damaged, the master key is another one, or a key is missing.
    """
    keys = Keys(key_file, master_key, read_only=True)
    db = Db(database, read_only=True)
    try:
        Log(db, keys, lambda _effect_id: "").verify()
        known = keys.held().keys() | {key_id for key_id, _ in keys.erasures()}
        missing = sorted({int(row[0]) for row in db.run_text(_KEY_IDS)} - known)
        if missing:
            raise IntegrityError(
                f"the log was sealed with {len(missing)} keys that `{key_file.name}` never held, "
                f"key {missing[0]} first; the two do not belong together"
            )
    finally:
        db.close()
        keys.close()
