"""The routes of the console, and its page for what went wrong."""

from collections.abc import Callable

from litestar import MediaType, Response, Router
from litestar.exceptions import HTTPException
from litestar.types import ControllerRouterHandler

from segue.bootstrap import Door
from segue.console.acting import acting
from segue.console.conversing import conversing
from segue.console.entrance import entrance
from segue.console.forms import MOST_BYTES
from segue.console.pages import Pages
from segue.console.rendering import Page
from segue.console.rooms import Answer, Req, Rooms, root_of
from segue.console.settings import PageSettings
from segue.console.showing import showing
from segue.core.errors import BusyError, ConflictError, InputError, MissingError, SegueError

_FAILED = 500
_STATUSES: tuple[tuple[type[SegueError], int, str], ...] = (
    (InputError, 400, "That cannot be done"),
    (MissingError, 404, "Not found"),
    (ConflictError, 409, "Something else came first"),
    (BusyError, 503, "Not now"),
)


def routes(door: Door) -> list[ControllerRouterHandler]:
    """All pages of one tenant.

    Raises:
        InputError: `trusted_proxies` in `server.yaml` names something that is no address.
    """
    rooms = Rooms(door)
    answer = problem_page(rooms.pages)
    return [
        Router(
            "/",
            route_handlers=[*showing(rooms), *acting(rooms), *conversing(rooms), *entrance(rooms)],
            exception_handlers={SegueError: answer},
            request_max_body_size=MOST_BYTES,
            include_in_schema=False,
        )
    ]


def pages_of(door: Door) -> Pages:
    """The renderer of one tenant's pages."""
    return Pages(PageSettings.of(door.app.playbook, root_of(door)))


def problem_page(pages: Pages) -> Callable[[Req, Exception], Answer]:
    """A handler of errors that answers with a page."""

    def answer(_request: Req, error: Exception) -> Answer:
        if isinstance(error, SegueError):
            known = next((item for item in _STATUSES if isinstance(error, item[0])), None)
            _, status, title = known or (SegueError, _FAILED, "That did not work")
            text = str(error)
            return _html(pages.problem(status, title, f"{text[:1].upper()}{text[1:]}."))
        status = error.status_code if isinstance(error, HTTPException) else _FAILED
        if status == pages.missing().status:
            return _html(pages.missing())
        title = "That did not work" if status >= _FAILED else "That cannot be done here"
        detail = (
            "It cannot be done this way." if status < _FAILED else "The reason stands in the server's log."
        )
        return _html(pages.problem(status, title, detail))

    return answer


def _html(page: Page) -> Answer:
    return Response(page.html, status_code=page.status, media_type=MediaType.HTML)
