"""The journal: a JSON line per decision and attempt in `segue.log`, with personal data masked."""

from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

import structlog

from segue.core.ports import Clock
from segue.core.redact import mask_value
from segue.core.units import to_datetime

LOG_FILE = "segue.log"

Processor = Callable[[Any, str, MutableMapping[str, Any]], MutableMapping[str, Any]]


class Journal:
    """Writes lines; may be called from any thread.

    Args:
        path: Appended to.
        clock: Where `logged_at` comes from.
        masks: Asked for each line whether personal data is masked.
    """

    def __init__(self, path: Path, clock: Clock, masks: Callable[[], bool]) -> None:
        self._file = path.open("a", encoding="utf-8", buffering=1)
        self._log = structlog.wrap_logger(
            structlog.WriteLogger(self._file),
            processors=[_masking(masks), _stamping(clock), structlog.processors.JSONRenderer(sort_keys=True)],
            wrapper_class=structlog.BoundLogger,
            context_class=dict,
            cache_logger_on_first_use=True,
        )

    def note(self, event: str, fields: Mapping[str, Any]) -> None:
        """Write one line."""
        self._log.info(event, **fields)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _masking(masks: Callable[[], bool]) -> Processor:
    def process(_: object, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        if not masks():
            return line
        masked = mask_value(dict(line))
        assert isinstance(masked, dict)  # noqa: S101 - a mapping is masked entry by entry
        return masked

    return process


def _stamping(clock: Clock) -> Processor:
    def process(_: object, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        line["logged_at"] = to_datetime(clock.now()).isoformat()
        return line

    return process
