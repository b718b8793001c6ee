"""The ASGI app of one tenant, out of the doors below, with headers that let nothing else in."""

from collections.abc import Callable
from typing import Any

from litestar import Litestar, Request, Response
from litestar.config.allowed_hosts import AllowedHostsConfig
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.types import Message, Scope

from segue import api, console, portal
from segue.bootstrap import Door
from segue.runtime.clock import SystemClock

HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
"""Sent with every answer, errors included, unless a route says otherwise."""

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def create_app(door: Door, hosts: tuple[str, ...] = LOOPBACK) -> Litestar:
    """Make the app of one tenant.

    Args:
        door: The tenant, open while the app runs.
        hosts: Names the app answers to, so that no page of the web can read it by a rebound name; none
            answers to all.
    """
    return Litestar(
        [*api.routes(door), *console.routes(door), *portal.routes(door)],
        allowed_hosts=AllowedHostsConfig(allowed_hosts=list(hosts), www_redirect=False) if hosts else None,
        before_send=[_guard],
        exception_handlers={HTTPException: _problem(door)},
        openapi_config=None,
        pdb_on_exception=False,
    )


def _problem(door: Door) -> Callable[[Request[Any, Any, Any], Exception], Response[Any]]:
    """Answers what no route answers: machines with a problem, people with a page."""
    page, failing = console.problem_page(console.pages_of(door)), api.Failing(door.app, SystemClock())

    def answer(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        if api.is_for_machines(request.scope["path"]):
            return failing.answer(request, error)
        return page(request, error)

    return answer


async def _guard(message: Message, scope: Scope) -> None:
    if message["type"] == "http.response.start" and scope["type"] == ScopeType.HTTP:
        headers = MutableScopeHeaders.from_message(message)
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
