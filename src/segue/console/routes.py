"""The routes of the console: each makes one consistent read and renders one page."""

from collections.abc import Callable, Mapping
from typing import Any

from litestar import MediaType, Request, Response, Router, get
from litestar.exceptions import HTTPException
from litestar.types import ControllerRouterHandler

from segue.bootstrap import Door
from segue.console.pages import Page, Pages, style
from segue.console.settings import PageSettings
from segue.core.errors import SegueError
from segue.core.ports import Reader

_FAILED, _BUSY = 500, 503


def routes(door: Door) -> list[ControllerRouterHandler]:
    """All pages of one tenant."""
    pages = pages_of(door)

    def show(page: Callable[[Reader], Page]) -> Response[str]:
        with door.app.store.read() as reader:
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

    sheet = style()

    @get("/style.css", media_type=MediaType.CSS, sync_to_thread=False)
    def style_sheet() -> str:
        return sheet

    handlers = [decisions, decision, person, signal, style_sheet]
    answer = problem_page(pages)
    return [
        Router("/", route_handlers=handlers, exception_handlers={SegueError: answer}, include_in_schema=False)
    ]


def pages_of(door: Door) -> Pages:
    """The renderer of one tenant's pages."""
    return Pages(PageSettings.of(door.app.playbook))


def problem_page(pages: Pages) -> Callable[[Request[Any, Any, Any], Exception], Response[str]]:
    """A handler of errors that answers with a page."""

    def answer(_request: Request[Any, Any, Any], error: Exception) -> Response[str]:
        if isinstance(error, SegueError):
            return _html(pages.problem(_BUSY, "Not now", f"{str(error).capitalize()}."))
        status = error.status_code if isinstance(error, HTTPException) else _FAILED
        if status == pages.missing().status:
            return _html(pages.missing())
        title = "That did not work" if status >= _FAILED else "That cannot be done here"
        detail = (
            "It cannot be done this way." if status < _FAILED else "The reason stands in the server's log."
        )
        return _html(pages.problem(status, title, detail))

    return answer


def _html(page: Page) -> Response[str]:
    return Response(page.html, status_code=page.status, media_type=MediaType.HTML)


def _query(request: Request[Any, Any, Any]) -> Mapping[str, str]:
    """The last value of each name."""
    return dict(request.query_params.multi_items())
