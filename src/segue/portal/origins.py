"""Which websites a browser may speak to the chat from (CORS): those of the settings, and the server's own."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from litestar import Response

from segue.bootstrap import Door
from segue.portal.asking import FORBIDDEN, AnyRequest, problem

Answer = Callable[[AnyRequest], Awaitable[Response[Any]]]

_PREFLIGHT_S = "600"


class Origins:
    """The origins of one tenant.

    Args:
        door: Its settings name the sites.
    """

    def __init__(self, door: Door) -> None:
        base = urlsplit(door.base_url)
        self._sites = frozenset(door.settings.sites) | {f"{base.scheme}://{base.netloc}"}

    def of(self, request: AnyRequest) -> str:
        """The origin a request comes from, where it may; empty where it names none.

        A page of this very server is always welcome: the name it is called by was checked before.

        Raises:
            PermissionError: It comes from a website that is not among the sites.
        """
        origin = request.headers.get("origin", "")
        own = f"{request.url.scheme}://{request.headers.get('host', '')}"
        if origin and origin not in self._sites and origin != own:
            raise PermissionError(origin)
        return origin or own

    def preflight(self, request: AnyRequest, method: str) -> Response[Any]:
        """The answer to a browser that asks before it speaks."""
        try:
            origin = self.of(request)
        except PermissionError as error:
            return _refused(str(error))
        response: Response[Any] = Response(b"", status_code=204)
        response.headers["access-control-allow-methods"] = method
        response.headers["access-control-allow-headers"] = "authorization, content-type, last-event-id"
        response.headers["access-control-max-age"] = _PREFLIGHT_S
        return shared(response, origin)

    async def answer(self, request: AnyRequest, answer: Answer) -> Response[Any]:
        """Answer a request of a welcome website; whatever the answer is, its script may read it."""
        try:
            origin = self.of(request)
        except PermissionError as error:
            return _refused(str(error))
        return shared(await answer(request), origin)


def shared(response: Response[Any], origin: str) -> Response[Any]:
    """The same answer, readable by the scripts of one origin."""
    response.headers["access-control-allow-origin"] = origin
    response.headers["vary"] = "origin"
    response.headers["cross-origin-resource-policy"] = "cross-origin"
    response.headers["access-control-expose-headers"] = "retry-after"
    return response


def _refused(origin: str) -> Response[bytes]:
    detail = f"`{origin[:100]}` is not among the sites of `server.yaml`; add it to `sites`"
    return problem(FORBIDDEN, detail, "origin")
