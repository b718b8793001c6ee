"""The error tree, drawn by what the caller does next.

SegueError
├── InputError            mend the input and send it again
│   ├── SignalError         a signal that cannot be accepted
│   └── PlaybookError       a playbook file: names file, line and a suggestion
├── BusyError             try again later, nothing is wrong with the request
│   ├── LockedError         another process holds the home directory
│   └── StorageError        disk full or an I/O error: nothing was acknowledged
├── ConflictError         something else came first: read again, then decide
├── MissingError          there is no such thing
├── IntegrityError        stop and look: the log, its chain or its keys are damaged
└── ConnectorError        what a connector tells the dispatcher
    ├── RefusedError        the other side said no: do not retry
    ├── RetryError          it certainly did not happen: retry, after `retry_after_s`
    └── AmbiguousError      it may have happened: reconcile by the verb's effect class

An expected refusal by policy is a value (`Verdict`), never an exception.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any


class SegueError(Exception):
    """Base of every error Segue raises on purpose; `code` is stable across versions."""

    code = "segue"


class InputError(SegueError):
    """The input is wrong; mend it and send it again."""

    code = "input"


class SignalError(InputError):
    """A signal that cannot be accepted: wrong kind, identifier, time, size or depth."""

    code = "signal"


class PlaybookError(InputError):
    """A playbook file that cannot be used, located by file, line and column.

    Args:
        message: What is wrong, lower case, user input in backticks.
        file: Path of the file below the playbook directory.
        line: 1-based line.
        column: 1-based column.
        hint: What to do instead, for example "did you mean `account.health`?".
    """

    code = "playbook"

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        hint: str | None = None,
    ) -> None:
        self.message, self.file, self.line, self.column, self.hint = message, file, line, column, hint
        super().__init__(str(self))

    def __str__(self) -> str:
        where = " ".join(
            part
            for part in (
                f"`{self.file}`" if self.file else "",
                f"line {self.line}" if self.line else "",
                f"column {self.column}" if self.column else "",
            )
            if part
        )
        text = f"{where}: {self.message}" if where else self.message
        return f"{text}; {self.hint}" if self.hint else text


class BusyError(SegueError):
    """Not now; the same request may succeed later."""

    code = "busy"


class LockedError(BusyError):
    """Another process holds this home directory's lock."""

    code = "locked"


class StorageError(BusyError):
    """The disk is full or failed; nothing of the request was acknowledged."""

    code = "storage"


class ConflictError(SegueError):
    """Something else came first; read again, then decide again."""

    code = "conflict"


class MissingError(SegueError):
    """There is no such person, decision, play or file."""

    code = "missing"


class IntegrityError(SegueError):
    """The log, its hash chain or its keys are damaged or do not belong together."""

    code = "integrity"


class ConnectorError(SegueError):
    """Base of what a connector tells the dispatcher about a request that did not succeed.

    Attributes:
        known: What is known all the same, such as what the request cost; kept with the attempt.
    """

    code = "connector"
    known: Mapping[str, Any] = MappingProxyType({})


class RefusedError(ConnectorError):
    """The other side understood and refused; retrying would be refused again."""

    code = "refused"


class RetryError(ConnectorError):
    """It certainly did not happen; retry after `retry_after_s` seconds (None: usual backoff)."""

    code = "retry"

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class AmbiguousError(ConnectorError):
    """It may have happened: a lost reply, a reset after sending, an answer after the deadline."""

    code = "ambiguous"
