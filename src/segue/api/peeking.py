"""Peeking: finds the key in a body before anybody reads it, and hands the request on as it came."""

from collections.abc import Mapping
from typing import Any

from litestar.types import Receive

from segue.api.body import read_body
from segue.api.foreign import POSTHOG_PATHS, key_of_body
from segue.api.ingest.segment import TYPES

_PATHS = frozenset({*POSTHOG_PATHS, "/v1/batch", *(f"/v1/{type_}" for type_ in TYPES)})


def may_show_key_in_body(path: str) -> bool:
    """Whether clients of this path may show their key in the body.

    >>> may_show_key_in_body("/batch/"), may_show_key_in_body("/v1/people")
    (True, False)
    """
    return path.rstrip("/") in _PATHS


async def key_of_request(receive: Receive, headers: Mapping[str, str]) -> tuple[str, Receive]:
    """The key that the body shows, and a channel that gives the same body again.

    Raises:
        Refusal: The body is too large, too slow or broken.
    """
    seen: list[Any] = []

    async def seeing() -> Any:  # noqa: ANN401 - a message of ASGI
        message = await receive()
        seen.append(message)
        return message

    key = key_of_body(await read_body(seeing, headers.get("content-length", "")))

    async def again() -> Any:  # noqa: ANN401 - a message of ASGI
        return seen.pop(0) if seen else await receive()

    return key, again
