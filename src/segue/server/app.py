"""The ASGI app: read-only pages over a home, with headers that let nothing else in."""

from collections.abc import Callable, Mapping
from typing import Any

from litestar import Litestar, MediaType, Request, Response, get
from litestar.config.allowed_hosts import AllowedHostsConfig
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.types import Message, Scope

from segue.bootstrap import Readings
from segue.console import Page, Pages, PageSettings
from segue.console.pages import style
from segue.core.errors import SegueError
from segue.core.ports import Reader

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
"""Sent with every answer, errors included."""

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_FAILED, _BUSY = 500, 503


def create_app(readings: Readings, settings: PageSettings, hosts: tuple[str, ...] = LOOPBACK) -> Litestar:
    """Make the app.

    Args:
        readings: Open while the app runs.
        settings: Units and names for the pages.
        hosts: Names the app answers to, so that no page of the web can read it by a rebound name; none
            answers to all.
    """
    pages = Pages(settings)
    sheet = style()

    def show(page: Callable[[Reader], Page]) -> Response[str]:
        with readings.store.read() as reader:
            return _html(page(reader))

    @get("/", media_type=MediaType.HTML, sync_to_thread=True)
    def decisions(request: Request[Any, Any, Any]) -> Response[str]:
        return show(lambda reader: pages.decisions(reader, _query(request)))

    @get("/decisions/{decision_id:str}", media_type=MediaType.HTML, sync_to_thread=True)
    def decision(decision_id: str) -> Response[str]:
        return show(lambda reader: pages.decision(reader, decision_id))

    @get("/people/{person_id:str}", media_type=MediaType.HTML, sync_to_thread=True)
    def person(person_id: str, request: Request[Any, Any, Any]) -> Response[str]:
        return show(lambda reader: pages.person(reader, person_id, _query(request)))

    @get("/signals/{signal_id:str}", media_type=MediaType.HTML, sync_to_thread=True)
    def signal(signal_id: str) -> Response[str]:
        return show(lambda reader: pages.signal(reader, signal_id))

    @get("/style.css", media_type=MediaType.CSS, sync_to_thread=False)
    def style_sheet() -> str:
        return sheet

    return Litestar(
        [decisions, decision, person, signal, style_sheet],
        allowed_hosts=AllowedHostsConfig(allowed_hosts=list(hosts), www_redirect=False) if hosts else None,
        before_send=[_guard],
        exception_handlers={HTTPException: _answer_with(pages), SegueError: _answer_with(pages)},
        openapi_config=None,
        pdb_on_exception=False,
    )


async def _guard(message: Message, scope: Scope) -> None:
    if message["type"] == "http.response.start" and scope["type"] == ScopeType.HTTP:
        headers = MutableScopeHeaders.from_message(message)
        for name, value in HEADERS.items():
            headers[name] = value


def _answer_with(pages: Pages) -> Callable[[Request[Any, Any, Any], Exception], Response[str]]:
    def answer(_request: Request[Any, Any, Any], error: Exception) -> Response[str]:
        if isinstance(error, SegueError):
            return _html(pages.problem(_BUSY, "Not now", f"{str(error).capitalize()}."))
        status = error.status_code if isinstance(error, HTTPException) else _FAILED
        if status == pages.missing().status:
            return _html(pages.missing())
        title = "That did not work" if status >= _FAILED else "That cannot be done here"
        detail = (
            "These pages are read-only." if status < _FAILED else "The reason stands in the server's log."
        )
        return _html(pages.problem(status, title, detail))

    return answer


def _html(page: Page) -> Response[str]:
    return Response(page.html, status_code=page.status, media_type=MediaType.HTML)


def _query(request: Request[Any, Any, Any]) -> Mapping[str, str]:
    """The last value of each name."""
    return dict(request.query_params.multi_items())
