"""What all routes of one tenant's pages share: who asks, what they look at, and how they are answered."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from litestar import MediaType, Request, Response
from litestar.datastructures import Cookie

from segue.bootstrap import Door
from segue.console.desk import Desk
from segue.console.doorkeeper import Asked, Doorkeeper, Refusal
from segue.console.pages import Pages
from segue.console.paths import own_path
from segue.console.rendering import Look, Page
from segue.console.settings import PageSettings
from segue.console.throttle import Throttle
from segue.console.visitors import Visitor
from segue.core.ports import Reader
from segue.stores.doors import Reveals, Role, Sessions, Users, new_secret

Req = Request[Any, Any, Any]
Answer = Response[str]
_SESSION, _VISIT = "segue_session", "segue_visit"
_SECRET_CHARS = 64
_SEE_OTHER = 303


@dataclass(frozen=True, slots=True)
class Came:
    """A request with what was found out about it.

    Attributes:
        asked: What tells who asks.
        visitor: Who asks, or why nobody is let in.
        is_new: Whether the browser has no visit cookie yet and must be given one.
    """

    asked: Asked
    visitor: Visitor | Refusal
    is_new: bool


class Rooms:
    """The shared parts of the routes of one tenant.

    Args:
        door: The tenant, open while the app runs.

    Raises:
        InputError: `trusted_proxies` in `server.yaml` names something that is no address.
    """

    def __init__(self, door: Door) -> None:
        self.door = door
        self.root = root_of(door)
        self.users, self.sessions, self.reveals = Users(door.db), Sessions(door.db), Reveals(door.db)
        self.throttle = Throttle()
        self.doorkeeper = Doorkeeper(
            door.settings, door.base_url, self.users, self.sessions, is_demo=door.home.story.is_file()
        )
        self._mutex = threading.Lock()
        self._made = self._make()
        with door.app.store.read() as reader:
            self.pages.tally.bring_up(reader)

    @property
    def pages(self) -> Pages:
        """The pages by the playbook in force."""
        return self._current()[1]

    @property
    def desk(self) -> Desk:
        """The pages on which people act, by the playbook in force."""
        return self._current()[2]

    def came(self, request: Req) -> Came:
        """Find out who asks; reads the database of the doors, so call it in a thread."""
        asked, is_new = self._asked(request)
        return Came(asked, self.doorkeeper.visitor(asked, self.door.app.now), is_new)

    def look(self, request: Req, visitor: Visitor) -> Look:
        """What a visitor looks at."""
        now = self.door.app.now
        query = request.scope.get("query_string", b"").decode("ascii", "replace")
        path = f"{self.root}{request.scope['path']}"
        return Look(
            visitor=visitor,
            now=now,
            path=own_path(f"{path}?{query}" if query else path, self.root),
            revealed=self.reveals.open_to(visitor.browser, now),
            lines=self.door.app.line_states(),
            ids=self.door.app.ids,
        )

    def show(self, request: Req, page: Callable[[Reader, Look], Page], role: Role = "viewer") -> Answer:
        """Let somebody in, make one consistent read, and render one page."""
        came = self.came(request)
        if not isinstance(came.visitor, Visitor):
            return self.refuse(request, came)
        if not came.visitor.may(role):
            return self.answer(self.desk.forbidden(role), came)
        look = self.look(request, came.visitor)
        with self.door.app.store.read() as reader:
            return self.answer(page(reader, look), came)

    def refuse(self, request: Req, came: Came) -> Answer:
        """Send whoever is not let in to the sign-in page, or say why that would not help."""
        if came.visitor == "no_users":
            return self.answer(self.desk.no_users())
        if came.visitor == "unknown_user":
            return self.answer(self.desk.unknown_user())
        query = request.scope.get("query_string", b"").decode("ascii", "replace")
        then = f"{self.root}{request.scope['path']}" + (f"?{query}" if query else "")
        wanted = own_path(then, self.root) if request.method == "GET" else f"{self.root}/"
        return self.go(f"/sign-in?{urlencode({'then': wanted})}" if wanted != f"{self.root}/" else "/sign-in")

    def answer(self, page: Page, came: Came | None = None) -> Answer:
        """Answer with a page; a browser that is new gets its visit cookie."""
        cookies = [self.cookie(_VISIT, came.asked.visit, came.asked)] if came and came.is_new else []
        return Response(page.html, status_code=page.status, media_type=MediaType.HTML, cookies=cookies)

    def go(self, path: str, cookies: list[Cookie] | None = None) -> Answer:
        """Have the browser open another page of the console."""
        wanted = path if self.root and path.startswith(f"{self.root}/") else f"{self.root}{path}"
        return Response(
            "",
            status_code=_SEE_OTHER,
            headers={"location": own_path(wanted, self.root)},
            media_type=MediaType.TEXT,
            cookies=cookies or [],
        )

    def cookie(self, name: str, secret: str, asked: Asked) -> Cookie:
        """A cookie that scripts cannot read and other sites cannot send; an empty one ends."""
        secure = self.doorkeeper.is_secure(asked)
        return Cookie(
            key=self._named(name, secure=secure),
            value=secret,
            path=self.root or "/",
            httponly=True,
            samesite="lax",
            secure=secure,
            max_age=None if secret else 0,
        )

    def session_cookie(self, secret: str, asked: Asked) -> Cookie:
        """The cookie of a session."""
        return self.cookie(_SESSION, secret, asked)

    def _asked(self, request: Req) -> tuple[Asked, bool]:
        headers = {name.lower(): text for name, text in request.headers.items()}
        peer = request.client.host if request.client else ""
        asked = Asked(peer, headers.get("host", ""), str(request.scope.get("scheme", "http")), headers)
        secure = self.doorkeeper.is_secure(asked)
        session, visit = (
            _secret(request.cookies.get(self._named(name, secure=secure), "")) for name in (_SESSION, _VISIT)
        )
        known = Asked(asked.peer, asked.host, asked.scheme, headers, session, visit or new_secret())
        return known, not visit

    def _named(self, name: str, *, secure: bool) -> str:
        """A name that no other host of the domain can set, where the browser keeps to that."""
        return f"__Host-{name}" if secure and not self.root else name

    def _current(self) -> tuple[str, Pages, Desk]:
        if self._made[0] != self.door.app.playbook.hash:
            with self._mutex:
                self._made = self._make(self._made[1])
        return self._made

    def _make(self, known: Pages | None = None) -> tuple[str, Pages, Desk]:
        playbook = self.door.app.playbook
        settings = PageSettings.of(playbook, self.root)
        return playbook.hash, Pages(settings, known.tally if known else None), Desk(settings)


def root_of(door: Door) -> str:
    """Path that the addresses of a tenant's pages begin with, without a slash at the end."""
    return urlsplit(door.base_url).path.rstrip("/")


def _secret(text: str) -> str:
    is_one = len(text) == _SECRET_CHARS and text.isascii() and text.isalnum()
    return text if is_one else ""
