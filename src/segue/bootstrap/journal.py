"""The journal: one JSON object a line in `segue.log`, with time, event and ids, personal data masked."""

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import structlog

from segue.bootstrap.rotating import RotatingFile
from segue.core.ports import Clock
from segue.core.redact import mask_value
from segue.core.units import to_datetime

LOG_FILE = "segue.log"

Processor = Callable[[Any, str, MutableMapping[str, Any]], MutableMapping[str, Any]]
Level = Literal["debug", "info", "warning", "error"]
Format = Literal["json", "console"]

_RANK: dict[str, int] = {"debug": 10, "info": 20, "warning": 30, "error": 40}
_WARNINGS = frozenset({"dead_letter", "playbook_refused"})
_DOUBTFUL = frozenset({"failed", "unknown"})


@dataclass(frozen=True, slots=True)
class JournalSettings:
    """How the journal is kept.

    Attributes:
        level: Lines below it are left out.
        format: `json`, one object a line; `console` for eyes.
        max_bytes: From this size on the file is put aside as `segue.log.1`; 0 never does, for `logrotate`.
        keep: How many files that were put aside are kept.
    """

    level: Level = "info"
    format: Format = "json"
    max_bytes: int = 64 << 20
    keep: int = 4


class Journal:
    """Writes lines; may be called from any thread.

    Args:
        path: Appended to; a file that was moved away is opened anew.
        clock: Where `logged_at` comes from.
        masks: Asked for each line whether personal data is masked.
        settings: How it is kept.
    """

    def __init__(
        self,
        path: Path,
        clock: Clock,
        masks: Callable[[], bool],
        settings: JournalSettings = JournalSettings(),
    ) -> None:
        self._file = RotatingFile(path, settings.max_bytes, settings.keep)
        self._least = _RANK[settings.level]
        render: Any = (
            structlog.processors.JSONRenderer(sort_keys=True)
            if settings.format == "json"
            else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
        )
        self._log = structlog.wrap_logger(
            # It only writes and flushes, which is all that the logger does.
            structlog.WriteLogger(self._file),  # type: ignore[arg-type]
            processors=[_masking(masks), _stamping(clock), render],
            wrapper_class=structlog.BoundLogger,
            context_class=dict,
            cache_logger_on_first_use=True,
        )

    def note(self, event: str, fields: Mapping[str, Any]) -> None:
        """Write one line."""
        level = level_of(event, fields)
        if _RANK[level] >= self._least:
            self._log.info(event, level=level, **fields)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def level_of(event: str, fields: Mapping[str, Any]) -> Level:
    """How much a line matters.

    >>> level_of("attempt", {"state": "unknown"}), level_of("decision", {})
    ('warning', 'info')
    """
    doubtful = event == "attempt" and fields.get("state") in _DOUBTFUL
    return "warning" if doubtful or event in _WARNINGS else "info"


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
