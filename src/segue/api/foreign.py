"""Doors for clients that exist, without changing a line of theirs: Segment's, RudderStack's, PostHog's."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from segue.api.ingest import posthog, segment
from segue.api.ingest.clocks import moment
from segue.api.intake import MAX_EVENTS, Intake
from segue.api.operation import Asked, Operation
from segue.api.parsing import parse
from segue.api.problems import Refusal
from segue.core.errors import SegueError, SignalError
from segue.runtime.admission import Accepted

POSTHOG_PATHS = ("/batch", "/capture", "/e", "/i/v0/e")
"""Every one with and without a slash at the end."""


class ItemError(msgspec.Struct, frozen=True):
    """An item that was not taken; the others were."""

    index: int
    id: str
    code: str
    error: str


class SegmentAnswer(msgspec.Struct, frozen=True):
    """As Segment answers; `errors` names what could not be taken, and sending it again will not help."""

    success: bool
    errors: list[ItemError]


class PostHogAnswer(msgspec.Struct, frozen=True):
    """As PostHog answers; `errors` names what could not be taken, and sending it again will not help."""

    status: int
    errors: list[ItemError]


def segment_operations(intake: Intake) -> list[Operation[Any, Any]]:
    """`/v1/batch`, and a path for each type of call."""

    async def taken(items: Sequence[Any], sent: datetime | None, whole: int) -> SegmentAnswer:
        now, facing = intake.now, intake.facing
        found = await intake.take(
            "segment",
            items,
            lambda item: segment.signal_of(item, sent=sent, received=now, facing=facing),
            whole=whole,
        )
        errors = _errors(items, found, "messageId")
        return SegmentAnswer(len(errors) < len(found) or not found, errors)

    async def batch(asked: Asked[Any, Any]) -> SegmentAnswer:
        told = parse(asked.raw)
        items = told.get("batch") if isinstance(told, dict) else None
        if not isinstance(items, list):
            return _nothing("`batch`: write a list of messages")
        if len(items) > MAX_EVENTS:
            raise Refusal(413, "too_large", f"{len(items):,} messages are more than {MAX_EVENTS:,}")
        return await taken(_with_context(told, items), _sent(told.get("sentAt")), len(asked.raw))

    def one(type_: str) -> Callable[[Asked[Any, Any]], Awaitable[SegmentAnswer]]:
        async def call(asked: Asked[Any, Any]) -> SegmentAnswer:
            told = parse(asked.raw)
            if not isinstance(told, dict):
                return _nothing("a message is an object")
            return await taken([{**told, "type": type_}], None, len(asked.raw))

        return call

    def operation(path: str, summary: str, run: Any) -> Operation[Any, Any]:  # noqa: ANN401 - one of the above
        return Operation(
            *("POST", f"/v1/{path}", f"segment_{path}", summary, "ingest", run),
            answers=SegmentAnswer,
            foreign=True,
            key_in_body=_write_key,
        )

    return [
        operation("batch", "Take a batch of Segment's client libraries in.", batch),
        *(operation(type_, f"Take one `{type_}` call in.", one(type_)) for type_ in segment.TYPES),
    ]


def posthog_operations(intake: Intake) -> list[Operation[Any, Any]]:
    """The paths PostHog's client libraries send to."""

    async def capture(asked: Asked[Any, Any]) -> PostHogAnswer:
        told = parse(asked.raw)
        items = told.get("batch", [told]) if isinstance(told, dict) else told
        if not isinstance(items, list):
            return PostHogAnswer(0, [ItemError(0, "", "signal", "`batch`: write a list of events")])
        if len(items) > MAX_EVENTS:
            raise Refusal(413, "too_large", f"{len(items):,} events are more than {MAX_EVENTS:,}")
        whole = told if isinstance(told, dict) else {}
        now, facing, sent = intake.now, intake.facing, _sent(whole.get("sent_at", whole.get("sentAt")))
        history = whole.get("historical_migration") is True
        found = await intake.take(
            "posthog",
            items,
            lambda item: posthog.signal_of(item, sent=sent, received=now, facing=facing, history=history),
            whole=len(asked.raw),
        )
        return PostHogAnswer(1, _errors(items, found, "uuid"))

    return [
        Operation(
            *("POST", path, f"posthog{path.replace('/', '_')}", "Take events of PostHog's clients in."),
            scope="ingest",
            run=capture,
            answers=PostHogAnswer,
            foreign=True,
            key_in_body=_api_key,
        )
        for path in POSTHOG_PATHS
    ]


def key_of_body(raw: bytes) -> str:
    """The key that a foreign body shows, wherever its client puts it; empty where there is none."""
    return _api_key(raw) or _write_key(raw)


def _write_key(raw: bytes) -> str:
    return _named(raw, "writeKey")


def _api_key(raw: bytes) -> str:
    return _named(raw, "api_key") or _named(raw, "token")


def _named(raw: bytes, name: str) -> str:
    try:
        told = parse(raw)
    except Refusal:
        return ""
    first = told[0] if isinstance(told, list) and told else told
    places = (first, first.get("properties")) if isinstance(first, dict) else ()
    found = (place.get(name) for place in places if isinstance(place, dict))
    return next((value for value in found if isinstance(value, str)), "")


def _with_context(told: dict[str, Any], items: list[Any]) -> list[Any]:
    """A batch may carry a context for all its messages; a message's own comes first."""
    shared = told.get("context")
    if not isinstance(shared, dict):
        return items
    return [{"context": shared, **item} if isinstance(item, dict) else item for item in items]


def _sent(value: object) -> datetime | None:
    """What the sender's clock said; one that cannot be read corrects nothing."""
    try:
        return moment("sentAt", value)
    except SignalError:
        return None


def _nothing(text: str) -> SegmentAnswer:
    return SegmentAnswer(success=False, errors=[ItemError(0, "", SignalError.code, text)])


def _errors(items: Sequence[Any], found: Sequence[Accepted], id_name: str) -> list[ItemError]:
    return [
        ItemError(index, _own_id(items[index], id_name), *_told(item.error))
        for index, item in enumerate(found)
        if item.error is not None
    ]


def _own_id(item: object, name: str) -> str:
    value = item.get(name) if isinstance(item, dict) else ""
    return value[:200].encode(errors="backslashreplace").decode() if isinstance(value, str) else ""


def _told(error: SegueError) -> tuple[str, str]:
    return error.code, str(error).encode(errors="backslashreplace").decode()
