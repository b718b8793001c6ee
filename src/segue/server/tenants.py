"""Several tenants in one process: an app for each, which knows no other, and a front that picks one."""

import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, cast

import msgspec
from litestar import Litestar

from segue import api, stores
from segue.bootstrap import Door, open_door
from segue.core.errors import InputError, SegueError
from segue.stores.doors import tenant_of

_NAME = re.compile(r"[a-z0-9-]{1,40}")
_PREFIX = "/t/"
_READY = "/readyz"
_OPEN_PATHS = ("/healthz", _READY)
_OK, _WARMING = b'{"status":"ok"}', b'{"status":"warming"}'
_JSON = "application/json"

Scope = dict[str, Any]
Make = Callable[[Door], Litestar]


class Front:
    """The one ASGI app over those of the tenants.

    A path `/t/NAME/...` names its tenant. Clients that can only be told a host name theirs by their API key,
    which says whose it is; the tenant itself then checks it.

    Args:
        apps: The app of each tenant that runs.
        problems: What is wrong with each of the others.
        doors: Those that run; the front is ready once all of them are warm.
    """

    def __init__(
        self, apps: Mapping[str, Litestar], problems: Mapping[str, str], doors: Sequence[Door] = ()
    ) -> None:
        self._apps, self._problems, self._doors = apps, problems, doors

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own
        """Pass a request on to its tenant."""
        if scope["type"] != "http":
            return
        try:
            name, inner, receive = await self._picked(scope, receive)
            app = self._app(name)
        except api.Refusal as refusal:
            body = msgspec.json.encode(refusal.problem)
            await _answer(send, refusal.problem.status, body, refusal.headers, api.PROBLEM_MEDIA_TYPE)
            return
        if app is None:
            is_warming = scope["path"] == _READY and not all(door.warm.is_set() for door in self._doors)
            await _answer(send, *((503, _WARMING) if is_warming else (200, _OK)), {}, _JSON)
            return
        await app(cast("Any", inner), receive, send)

    async def _picked(self, scope: Scope, receive: Any) -> tuple[str, Scope, Any]:  # noqa: ANN401 - ASGI's own
        path: str = scope["path"]
        if path.startswith(_PREFIX):
            name, _, rest = path.removeprefix(_PREFIX).partition("/")
            raw = scope.get("raw_path", b"").removeprefix(f"{_PREFIX}{name}".encode())
            inner = {**scope, "path": f"/{rest}", "raw_path": raw, "root_path": f"{_PREFIX}{name}"}
            return name, inner, receive
        if path in _OPEN_PATHS:
            return "", scope, receive
        if not api.is_for_machines(path):
            raise api.Refusal(404, "missing", "there is no such path; a tenant's begin with `/t/NAME/`")
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        key = api.key_in(headers)
        if not key and api.may_show_key_in_body(path):
            key, receive = await api.key_of_request(receive, headers)
        name = tenant_of(key)
        if not name or (name not in self._apps and name not in self._problems):
            raise api.unauthenticated(key)
        return name, scope, receive

    def _app(self, name: str) -> Litestar | None:
        """The app to ask; None is the front itself."""
        if not name:
            return None
        if name in self._problems:
            raise api.Refusal(503, "broken", "this tenant cannot be served now", {"retry-after": "60"})
        if name not in self._apps:
            raise api.Refusal(404, "missing", "there is no such tenant")
        return self._apps[name]


@asynccontextmanager
async def open_tenants(
    directory: Path, make: Make, bound: str, problem: Callable[[str, str], None]
) -> AsyncIterator[tuple[Front, list[Door]]]:
    """Run every home below a directory, and the front over them.

    Args:
        directory: Its children that are homes are the tenants, by their names.
        make: Makes the app of one.
        bound: Address the server is bound to.
        problem: Told name and problem of each home that cannot be run; the others run.

    Raises:
        InputError: There is no directory, or no home in it that can be run.
    """
    homes = _homes_in(directory)
    apps: dict[str, Litestar] = {}
    problems: dict[str, str] = {}
    doors: list[Door] = []
    async with AsyncExitStack() as closing:
        for home in homes:
            try:
                door = await closing.enter_async_context(_opened(home, bound))
                apps[home.name] = app = make(door)
                await closing.enter_async_context(app.lifespan())
                doors.append(door)
            except (SegueError, OSError) as error:
                apps.pop(home.name, None)
                problems[home.name] = str(error)
                problem(home.name, str(error))
        if not apps:
            raise InputError(f"no home in `{directory}` can be served; make one with `segue init`")
        yield Front(apps, problems, doors), doors


def _homes_in(directory: Path) -> list[Path]:
    if not directory.is_dir():
        raise InputError(f"`{directory}` is no directory")
    return sorted(path for path in directory.iterdir() if stores.is_home(path))


@asynccontextmanager
async def _opened(home: Path, bound: str) -> AsyncIterator[Door]:
    if not _NAME.fullmatch(home.name):
        raise InputError(f"directory `{home.name}`: a tenant is named by lower-case letters, digits and `-`")
    async with open_door(home, name=home.name, bound=bound, warming=True) as door:
        yield door


async def _answer(
    send: Any,  # noqa: ANN401 - ASGI's own
    status: int,
    body: bytes,
    headers: Mapping[str, str],
    media: str,
) -> None:
    told = {"content-type": media, "content-length": str(len(body)), "cache-control": "no-store", **headers}
    listed = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in told.items()]
    await send({"type": "http.response.start", "status": status, "headers": listed})
    await send({"type": "http.response.body", "body": body})
