"""Routes that act: each takes one form, does one thing, and leads to a page that says what came of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from litestar import MediaType, post
from litestar.types import ControllerRouterHandler

from segue.console.approvals import is_of
from segue.console.effects import STATES
from segue.console.finding import find
from segue.console.forms import is_own, read_form
from segue.console.memory import said_in
from segue.console.paths import own_path
from segue.console.receipt import drafted
from segue.console.rooms import Answer, Came, Req, Rooms
from segue.console.visitors import Visitor
from segue.console.wording import plain
from segue.core.errors import ConflictError, InputError, MissingError
from segue.core.records.effects import Approval
from segue.stores.doors import Role

Form = Mapping[str, str]
Act = Callable[[Came, Visitor, Form], Awaitable[Answer]]
_HTML = MediaType.HTML
_MOST_REASON = 2_000


async def act(rooms: Rooms, request: Req, role: Role, what: Act) -> Answer:
    """Let somebody in, believe their form, and do it."""
    form = await read_form(request)
    came = await asyncio.to_thread(rooms.came, request)
    if not isinstance(came.visitor, Visitor):
        return await asyncio.to_thread(rooms.refuse, request, came)
    if not is_own(request, came, form):
        return rooms.answer(rooms.desk.stale(), came)
    if not came.visitor.may(role):
        return rooms.answer(rooms.desk.forbidden(role), came)
    return await what(came, came.visitor, form)


def acting(rooms: Rooms) -> list[ControllerRouterHandler]:
    """All forms but those to sign in and out."""
    return [
        *_deciding(rooms),
        *_operating(rooms),
        *_mending(rooms),
        *_looking(rooms),
        *_remembering(rooms),
    ]


def _deciding(rooms: Rooms) -> list[ControllerRouterHandler]:
    one_at_a_time = asyncio.Lock()  # so that a second click finds what the first one did

    @post("/approvals/{approval_id:str}/approve", media_type=_HTML)
    async def approve(approval_id: str, request: Req) -> Answer:
        async def do(_came: Came, visitor: Visitor, form: Form) -> Answer:
            async with one_at_a_time:
                found = await asyncio.to_thread(_open_approval, rooms, approval_id, visitor)
                if not isinstance(found, Approval):
                    return rooms.go(f"/approvals/{approval_id}?told={found}")
                text = await asyncio.to_thread(_edited, rooms, found, form.get("text"))
                try:
                    done = await rooms.door.app.approve(approval_id, _by(visitor), text)
                except MissingError:
                    return rooms.go(f"/approvals/{approval_id}?told=late")
            told = "late" if done.error else "edited" if text is not None else "approved"
            return rooms.go(f"/approvals/{approval_id}?told={told}")

        return await act(rooms, request, "rep", do)

    @post("/approvals/{approval_id:str}/reject", media_type=_HTML)
    async def reject(approval_id: str, request: Req) -> Answer:
        async def do(_came: Came, visitor: Visitor, form: Form) -> Answer:
            reason = form.get("reason", "").strip()
            if not 0 < len(reason) <= _MOST_REASON:
                return rooms.go(f"/approvals/{approval_id}?told=reason")
            async with one_at_a_time:
                found = await asyncio.to_thread(_open_approval, rooms, approval_id, visitor)
                if not isinstance(found, Approval):
                    return rooms.go(f"/approvals/{approval_id}?told={found}")
                try:
                    done = await rooms.door.app.reject(approval_id, _by(visitor), reason)
                except MissingError:
                    return rooms.go(f"/approvals/{approval_id}?told=late")
            return rooms.go(f"/approvals/{approval_id}?told={'late' if done.error else 'rejected'}")

        return await act(rooms, request, "rep", do)

    return [approve, reject]


def _operating(rooms: Rooms) -> list[ControllerRouterHandler]:
    @post("/control", media_type=_HTML)
    async def control(request: Req) -> Answer:
        async def do(_came: Came, visitor: Visitor, form: Form) -> Answer:
            app, by, play = rooms.door.app, _by(visitor), form.get("play", "")
            match form.get("what", ""):
                case "stop":
                    await app.control(by=by, kill_switch=True)
                case "release":
                    await app.control(by=by, kill_switch=False)
                case "pause":
                    await app.control(by=by, pause=play)
                case "resume":
                    await app.control(by=by, resume=play)
                case _:
                    raise InputError("what: write `stop`, `release`, `pause` or `resume`")
            return rooms.go(own_path(form.get("back", ""), rooms.root))

        return await act(rooms, request, "operator", do)

    return [control]


def _mending(rooms: Rooms) -> list[ControllerRouterHandler]:
    @post("/dead-letters/{letter_id:str}/put-back", media_type=_HTML)
    async def put_back(letter_id: str, request: Req) -> Answer:
        async def do(_came: Came, visitor: Visitor, _form: Form) -> Answer:
            try:
                await rooms.door.app.replay_dead_letter(letter_id)
            except MissingError:
                return rooms.go("/dead-letters?told=gone")
            rooms.door.app.note("dead_letter_put_back", {"letter": letter_id, "by": _by(visitor)})
            return rooms.go("/dead-letters?told=back")

        return await act(rooms, request, "operator", do)

    @post("/effects/{effect_id:str}/settle", media_type=_HTML)
    async def settle(effect_id: str, request: Req) -> Answer:
        async def do(_came: Came, visitor: Visitor, form: Form) -> Answer:
            told = form.get("word", "")
            try:
                await rooms.door.app.settle_effect(effect_id, told, _by(visitor))
            except ConflictError:
                told = "late"
            state = f"state={form['back']}&" if form.get("back") in STATES else ""
            return rooms.go(f"/effects?{state}told={told}")

        return await act(rooms, request, "operator", do)

    return [put_back, settle]


def _looking(rooms: Rooms) -> list[ControllerRouterHandler]:
    @post("/reveal", media_type=_HTML)
    async def reveal(request: Req) -> Answer:
        async def do(came: Came, visitor: Visitor, form: Form) -> Answer:
            whom = await asyncio.to_thread(_known, rooms, form.get("whom", ""))
            if not whom:
                return rooms.answer(rooms.desk.missing("There is nobody whose data could be revealed."), came)
            app = rooms.door.app
            await asyncio.to_thread(rooms.reveals.add, visitor.user, whom, visitor.browser, app.now)
            app.note("personal_data_revealed", {"by": visitor.user, "whom": whom, "how": visitor.how})
            return rooms.go(own_path(form.get("back", ""), rooms.root))

        return await act(rooms, request, "rep", do)

    @post("/search", media_type=_HTML)
    async def search(request: Req) -> Answer:
        async def do(came: Came, visitor: Visitor, form: Form) -> Answer:
            def found() -> Answer:
                asked = form.get("q", "").strip()
                with rooms.door.app.store.read() as reader:
                    path = find(rooms.door.app, reader, asked)
                    if path:
                        return rooms.go(path)
                    look = rooms.look(request, visitor)
                    return rooms.answer(rooms.desk.nobody(reader, look, asked[:200]), came)

            return await asyncio.to_thread(found)

        return await act(rooms, request, "viewer", do)

    return [reveal, search]


def _remembering(rooms: Rooms) -> list[ControllerRouterHandler]:
    @post("/people/{person_id:str}/memory", media_type=_HTML)
    async def correct(person_id: str, request: Req) -> Answer:
        async def do(_came: Came, visitor: Visitor, form: Form) -> Answer:
            path, said = f"/people/{person_id}/memory", said_in(form, _by(visitor))
            if not said.why.strip():
                return rooms.go(f"{path}?told=why")
            if said.value == "":
                return rooms.go(f"{path}?told=what")
            done = await rooms.door.app.correct(person_id, said)
            told = "what" if done.error else "forgotten" if said.value is None else "corrected"
            rooms.door.app.note("memory_corrected", {"by": said.by, "item": said.predicate, "what": told})
            return rooms.go(f"{path}?told={told}")

        return await act(rooms, request, "rep", do)

    return [correct]


def _by(visitor: Visitor) -> str:
    return f"rep:{visitor.user}"


def _open_approval(rooms: Rooms, approval_id: str, visitor: Visitor) -> Approval | str:
    """An approval that this visitor may decide on now, or why not."""
    with rooms.door.app.store.read() as reader:
        found = reader.overview.approval(approval_id)
        if found is None:
            raise MissingError(f"no approval `{approval_id}`")
        if not is_of(reader, found, visitor):
            return "others"
    return found if found.status == "pending" and found.expires_at > rooms.door.app.now else "late"


def _edited(rooms: Rooms, approval: Approval, text: str | None) -> str | None:
    """The words of a draft if they were edited; the draft's own where they are the same but for line ends."""
    if text is None or not text.strip():
        return None
    with rooms.door.app.store.read() as reader:
        receipt = reader.receipt(approval.decision_id)
    _, arguments = drafted(receipt) if receipt else (None, {})
    same = plain(arguments.get("text", "")).replace("\r\n", "\n").strip() == text.strip()
    return None if same else text


def _known(rooms: Rooms, whom: str) -> str:
    """Whom to reveal, if there is such a person or account."""
    kind, _, account_id = whom.partition(":")
    with rooms.door.app.store.read() as reader:
        if kind == "account":
            return whom if reader.overview.account(account_id) else ""
        return whom if whom in reader.overview.people([whom]) else ""
