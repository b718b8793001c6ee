"""Routes to sign in and out: guesses are slowed down, and nothing tells whether a name is known."""

import asyncio
from collections.abc import Mapping

from litestar import MediaType, get, post
from litestar.types import ControllerRouterHandler

from segue.console.acting import Form, act
from segue.console.forms import read_form
from segue.console.paths import own_path
from segue.console.rooms import Answer, Came, Req, Rooms
from segue.console.visitors import Visitor, is_token, token_of

_HTML = MediaType.HTML
_NOBODY = ""
_WRONG = 401
_SAYS = "Name and password do not belong together."


def entrance(rooms: Rooms) -> list[ControllerRouterHandler]:
    """The sign-in page, and what signs in and out."""

    @get("/sign-in", media_type=_HTML, sync_to_thread=True)
    def ask(request: Req) -> Answer:
        came = rooms.came(request)
        then = own_path(request.query_params.get("then", ""), rooms.root)
        if isinstance(came.visitor, Visitor):
            return rooms.go(then)
        if came.visitor != "sign_in":
            return rooms.refuse(request, came)
        return rooms.answer(rooms.desk.sign_in(_token(came), then), came)

    @post("/sign-in", media_type=_HTML)
    async def sign_in(request: Req) -> Answer:
        form = await read_form(request)
        return await asyncio.to_thread(_sign_in, rooms, request, form)

    return [ask, sign_in, *_leaving(rooms)]


def _leaving(rooms: Rooms) -> list[ControllerRouterHandler]:
    @post("/sign-out", media_type=_HTML)
    async def sign_out(request: Req) -> Answer:
        async def do(came: Came, _visitor: Visitor, _form: Form) -> Answer:
            await asyncio.to_thread(rooms.sessions.end, came.asked.session)
            return rooms.go("/sign-in", [rooms.session_cookie("", came.asked)])

        return await act(rooms, request, "viewer", do)

    @post("/sign-out-everywhere", media_type=_HTML)
    async def sign_out_everywhere(request: Req) -> Answer:
        async def do(came: Came, visitor: Visitor, _form: Form) -> Answer:
            await asyncio.to_thread(rooms.sessions.end_all, visitor.user)
            rooms.door.app.note("signed_out_everywhere", {"by": visitor.user})
            return rooms.go("/sign-in", [rooms.session_cookie("", came.asked)])

        return await act(rooms, request, "viewer", do)

    return [sign_out, sign_out_everywhere]


def _sign_in(rooms: Rooms, request: Req, form: Mapping[str, str]) -> Answer:
    came = rooms.came(request)
    name, then = form.get("name", ""), own_path(form.get("then", ""), rooms.root)
    if came.visitor in {"no_users", "unknown_user"}:
        return rooms.refuse(request, came)
    if came.is_new or not is_token(form.get("token", ""), _token(came)):
        return rooms.answer(rooms.desk.stale(), came)
    app, address = rooms.door.app, rooms.doorkeeper.address(came.asked)
    wait_s = rooms.throttle.take(name, address, app.now)
    if wait_s:
        answer = rooms.answer(rooms.desk.wait(_token(came), then, wait_s), came)
        answer.headers["retry-after"] = str(wait_s)
        return answer
    user = rooms.users.check(name, form.get("password", ""))
    if user is None:
        app.note("sign_in_failed", {"user": name[:80], "address": address})
        page = rooms.desk.sign_in(_token(came), then, name[:200], _SAYS, status=_WRONG)
        return rooms.answer(page, came)
    rooms.throttle.right(name, address)
    if came.asked.session:
        rooms.sessions.end(came.asked.session)
    secret = rooms.sessions.start(user.name, app.now)
    app.note("signed_in", {"user": user.name, "role": user.role})
    return rooms.go(then, [rooms.session_cookie(secret, came.asked)])


def _token(came: Came) -> str:
    return token_of(came.asked.visit, _NOBODY)
