"""The last handler: whatever a request ends in becomes a problem, and what nobody foresaw one masked line."""

from itertools import count
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException

from segue.api.problems import MEDIA_TYPE, Refusal, refusal_of
from segue.bootstrap import App
from segue.core.errors import SegueError
from segue.core.ids import derive
from segue.core.ports import Clock

_SERVER = 500
_CODES = {404: "missing", 405: "method", 413: "too_large"}
_DETAILS = {
    404: "there is no such path; `/v1/openapi.json` names them all",
    405: "this path does not take this method",
}
_PREFIXES = ("/v1/", "/metrics/", "/batch/", "/capture/", "/e/", "/i/")


class Failing:
    """Makes answers of exceptions.

    Args:
        app: Its journal takes what nobody foresaw.
        clock: Tells one failure from another.
    """

    def __init__(self, app: App, clock: Clock) -> None:
        self._app, self._clock, self._count = app, clock, count()

    def answer(self, request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
        """The response to an exception."""
        refusal = self._refusal(request, error)
        content = msgspec.json.encode(refusal.problem)
        return Response(
            content, status_code=refusal.problem.status, media_type=MEDIA_TYPE, headers=refusal.headers
        )

    def _refusal(self, request: Request[Any, Any, Any], error: Exception) -> Refusal:
        if isinstance(error, Refusal):
            return error
        if isinstance(error, HTTPException) and error.status_code < _SERVER:
            status = error.status_code
            detail = _DETAILS.get(status) or error.detail
            return Refusal(status, _CODES.get(status, "request"), detail, error.headers)
        if isinstance(error, SegueError):
            refusal = refusal_of(error)
            if refusal.problem.status < _SERVER or refusal.headers:
                return refusal
        return self._unforeseen(request, error)

    def _unforeseen(self, request: Request[Any, Any, Any], error: Exception) -> Refusal:
        name = derive("failure", str(self._clock.now()), str(next(self._count)))[:12]
        code = error.code if isinstance(error, SegueError) else "internal"
        fields = {
            "id": name,
            "method": request.method,
            "code": code,
            "error": f"{type(error).__name__}: {error}",
        }
        self._app.note("request_failed", fields)
        return Refusal(_SERVER, code, f"something failed; line `{name}` of the journal tells more", id_=name)


def is_for_machines(path: str) -> bool:
    """Whether a path is the API's, so that what is wrong with it is told as a problem and not as a page.

    >>> is_for_machines("/v1/nothing"), is_for_machines("/e"), is_for_machines("/decisions/7")
    (True, True, False)
    """
    return f"{path}/".startswith(_PREFIXES)
