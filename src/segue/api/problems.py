"""Problems: every error as `application/problem+json` (RFC 9457), by what the caller does next."""

from collections.abc import Mapping
from http import HTTPStatus

import msgspec

from segue.core.errors import (
    BusyError,
    ConflictError,
    InputError,
    LockedError,
    MissingError,
    SegueError,
    StorageError,
)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 1
"""How long a caller is asked to wait where nobody knows better."""

_STATUS: tuple[tuple[type[SegueError], int], ...] = (
    (InputError, 422),
    (MissingError, 404),
    (ConflictError, 409),
    (LockedError, 503),
    (StorageError, 503),
    (BusyError, 429),
)
_AGAIN = frozenset({429, 503})


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """What went wrong.

    Attributes:
        type: A URI that is stable for a code.
        title: The HTTP status in words.
        status: The HTTP status.
        detail: What is wrong here, and what to do instead.
        code: Stable across versions; programs decide by it.
        id: Names the line of the server's journal that tells more.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    id: str = ""


class Refusal(Exception):  # noqa: N818 - it says no to a caller; most often nothing is in error here
    """A request that is answered with a problem.

    Args:
        status: The HTTP status.
        code: Stable across versions.
        detail: What is wrong, and what to do instead.
        headers: Sent with it.
    """

    def __init__(
        self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None, id_: str = ""
    ) -> None:
        super().__init__(detail)
        self.headers = dict(headers or {})
        self.problem = problem(status, code, detail, id_)
        if status in _AGAIN:
            self.headers.setdefault("retry-after", str(RETRY_AFTER_S))


def problem(status: int, code: str, detail: str, id_: str = "") -> Problem:
    """Make a problem.

    >>> problem(404, "missing", "no decision `x`").title
    'Not Found'
    """
    return Problem(f"urn:segue:problem:{code}", HTTPStatus(status).phrase, status, detail, code, id_)


def refusal_of(error: SegueError) -> Refusal:
    """The answer to an error of the tree; what nobody outside can mend is a 500.

    >>> refusal_of(BusyError("too much waits")).headers
    {'retry-after': '1'}
    """
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    return Refusal(status, error.code, str(error))
