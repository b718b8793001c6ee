"""What portal routes share: who asks, what a body says, and answers that every browser may read."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response
from litestar.connection import ASGIConnection

from segue.core.errors import BusyError, ConflictError, InputError, MissingError, SegueError

T = TypeVar("T")
AnyRequest = Request[Any, Any, Any]

MAX_BODY = 32 * 1024
BAD, FORBIDDEN, MISSING, CONFLICT, TOO_LARGE, UNUSABLE, TOO_MANY, BUSY = (
    400,
    403,
    404,
    409,
    413,
    422,
    429,
    503,
)
_STATUS: tuple[tuple[type[SegueError], int], ...] = (
    (InputError, UNUSABLE),
    (MissingError, MISSING),
    (ConflictError, CONFLICT),
    (BusyError, BUSY),
)
_AGAIN_S = 2


def problem(status: int, detail: str, code: str, *, again_s: int = 0) -> Response[bytes]:
    """An answer that says what is wrong (RFC 9457)."""
    told = {
        "type": f"urn:segue:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    headers = {"retry-after": str(again_s)} if again_s else {}
    return Response(
        msgspec.json.encode(told), status_code=status, media_type="application/problem+json", headers=headers
    )


def problem_of(error: SegueError) -> Response[bytes]:
    """The answer to an error of the error tree, by what the caller does next."""
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), BUSY)
    return problem(status, str(error), error.code, again_s=_AGAIN_S if status == BUSY else 0)


def told(content: Mapping[str, object]) -> Response[bytes]:
    """A plain JSON answer."""
    return Response(msgspec.json.encode(content), media_type="application/json")


async def body_of(request: AnyRequest, form: type[T]) -> T | Response[bytes]:
    """Read a JSON body of at most 32 KB, or the answer that says what is wrong with it."""
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_BODY:
            return problem(TOO_LARGE, f"the body is longer than {MAX_BODY:,} bytes", "size")
    try:
        return msgspec.json.decode(bytes(raw), type=form)
    except msgspec.ValidationError as error:
        return problem(UNUSABLE, str(error), "input")
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return problem(BAD, "the body is not JSON", "json")


def bearer(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The token of the `Authorization` header, or empty."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def address_of(connection: ASGIConnection[Any, Any, Any, Any], proxies: tuple[str, ...]) -> str:
    """The address that asks; behind proxies that are believed, the last one they did not add themselves."""
    peer = connection.client.host if connection.client else ""
    if peer not in proxies:
        return peer
    hops = [hop.strip() for hop in connection.headers.get("x-forwarded-for", "").split(",") if hop.strip()]
    return next((hop for hop in reversed(hops) if hop not in proxies), peer)
