"""Routes that show: each makes one consistent read and renders one page."""

from collections.abc import Mapping

from litestar import MediaType, Response, get
from litestar.types import ControllerRouterHandler

from segue.console.desk import PER_PAGE
from segue.console.rendering import Look, Page, style, style_version
from segue.console.rooms import Answer, Req, Rooms
from segue.console.visitors import Visitor
from segue.core.ids import IdKey
from segue.core.ports import Reader
from segue.privacy.links import unseal

_HTML = MediaType.HTML
_LED_TO = {"approval": "approvals", "decision": "decisions"}
"""Where a link that colleagues are told leads, by the kind of its seal."""

_A_YEAR = "public, max-age=31536000, immutable"


def showing(rooms: Rooms) -> list[ControllerRouterHandler]:
    """All pages that are read."""
    return [*_reading(rooms), *_desk(rooms), *_trouble(rooms), _style_sheet()]


def _reading(rooms: Rooms) -> list[ControllerRouterHandler]:
    @get("/", media_type=_HTML, sync_to_thread=True)
    def today(request: Req) -> Answer:
        return rooms.show(request, lambda reader, look: rooms.pages.today(reader, look, _query(request)))

    @get("/decisions", media_type=_HTML, sync_to_thread=True)
    def decisions(request: Req) -> Answer:
        return rooms.show(request, lambda reader, look: rooms.pages.decisions(reader, look, _query(request)))

    @get("/decisions/{decision_id:str}", media_type=_HTML, sync_to_thread=True)
    def decision(decision_id: str, request: Req) -> Answer:
        return rooms.show(request, lambda reader, look: rooms.pages.decision(reader, look, decision_id))

    @get("/people/{person_id:str}", media_type=_HTML, sync_to_thread=True)
    def person(person_id: str, request: Req) -> Answer:
        return rooms.show(
            request, lambda reader, look: rooms.pages.person(reader, look, person_id, _query(request))
        )

    @get("/people/{person_id:str}/memory", media_type=_HTML, sync_to_thread=True)
    def memory(person_id: str, request: Req) -> Answer:
        told, playbook = _query(request).get("told", ""), rooms.door.app.playbook
        return rooms.show(
            request, lambda reader, look: rooms.pages.memory(reader, look, person_id, playbook, told)
        )

    @get("/accounts/{account_id:str}", media_type=_HTML, sync_to_thread=True)
    def account(account_id: str, request: Req) -> Answer:
        return rooms.show(request, lambda reader, look: rooms.pages.account(reader, look, account_id))

    @get("/signals/{signal_id:str}", media_type=_HTML, sync_to_thread=True)
    def signal(signal_id: str, request: Req) -> Answer:
        return rooms.show(request, lambda reader, look: rooms.pages.signal(reader, look, signal_id))

    @get("/signals/{signal_id:str}/words", media_type=_HTML, sync_to_thread=True)
    def meaning(signal_id: str, request: Req) -> Answer:
        return rooms.show(request, lambda reader, look: rooms.pages.meaning(reader, look, signal_id))

    return [today, decisions, decision, person, memory, account, signal, meaning]


def _led_to(ids: IdKey, token: str) -> str:
    """The page that the token of a link to a colleague names, or empty."""
    named = ((page, unseal(ids, kind, token)) for kind, page in _LED_TO.items())
    return next((f"/{page}/{fields[0]}" for page, fields in named if fields), "")


def _desk(rooms: Rooms) -> list[ControllerRouterHandler]:
    @get("/approvals", media_type=_HTML, sync_to_thread=True)
    def approvals(request: Req) -> Answer:
        return rooms.show(request, lambda reader, look: rooms.desk.approvals(reader, look, _query(request)))

    @get("/approvals/{approval_id:str}", media_type=_HTML, sync_to_thread=True)
    def approval(approval_id: str, request: Req) -> Answer:
        return rooms.show(
            request, lambda reader, look: rooms.desk.approval(reader, look, approval_id, _query(request))
        )

    @get("/a/{token:str}", media_type=_HTML, sync_to_thread=True)
    def link(token: str, request: Req) -> Answer:
        came = rooms.came(request)
        if not isinstance(came.visitor, Visitor):
            return rooms.refuse(request, came)
        led_to = _led_to(rooms.door.app.ids, token)
        if not led_to:
            return rooms.answer(rooms.desk.missing("This link leads nowhere; it may have been cut short."))
        return rooms.go(led_to)

    @get("/reveals", media_type=_HTML, sync_to_thread=True)
    def reveals(request: Req) -> Answer:
        before = _query(request).get("before", "")
        place = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None  # noqa: PLR2004 - 64 bits
        found = rooms.reveals.newest(PER_PAGE + 1, place)
        shown, older = found[:PER_PAGE], found[PER_PAGE - 1].pos if len(found) > PER_PAGE else None
        return rooms.show(
            request, lambda reader, look: rooms.desk.reveals(reader, look, shown, older), role="admin"
        )

    @get("/you", media_type=_HTML, sync_to_thread=True)
    def you(request: Req) -> Answer:
        def page(reader: Reader, look: Look) -> Page:
            visitor = look.visitor
            found = rooms.sessions.of(visitor.user, look.now) if visitor.how == "session" else []
            return rooms.desk.you(reader, look, found)

        return rooms.show(request, page)

    return [approvals, approval, link, reveals, you]


def _trouble(rooms: Rooms) -> list[ControllerRouterHandler]:
    @get("/dead-letters", media_type=_HTML, sync_to_thread=True)
    def letters(request: Req) -> Answer:
        return rooms.show(request, lambda reader, look: rooms.desk.letters(reader, look, _query(request)))

    @get("/effects", media_type=_HTML, sync_to_thread=True)
    def effects(request: Req) -> Answer:
        return rooms.show(request, lambda reader, look: rooms.desk.effects(reader, look, _query(request)))

    return [letters, effects]


def _style_sheet() -> ControllerRouterHandler:
    sheet = style()

    @get("/style.css", media_type=MediaType.CSS, sync_to_thread=False)
    def style_sheet(request: Req) -> Response[str]:
        is_this = _query(request).get("v") == style_version()
        headers = {"cache-control": _A_YEAR} if is_this else {}
        return Response(sheet, media_type=MediaType.CSS, headers=headers)

    return style_sheet


def _query(request: Req) -> Mapping[str, str]:
    """The last value of each name."""
    return dict(request.query_params.multi_items())
