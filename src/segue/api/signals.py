"""Signals in Segue's own words, and as CloudEvents."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta

from segue.api import shapes, telling
from segue.api.access import Caller
from segue.api.ingest import cloudevents
from segue.api.intake import MAX_EVENTS, Intake
from segue.api.operation import Asked, Operation
from segue.api.problems import Refusal
from segue.core.records.memory import Trust
from segue.core.records.signals import INTERNAL_KINDS, Kind, NewSignal

if TYPE_CHECKING:
    PublicKind = str
else:
    PublicKind = Literal[tuple(sorted(kind.value for kind in frozenset(Kind) - INTERNAL_KINDS))]
"""The kinds that may come from outside; `docs/signals.md` gives the body of each."""

_Identifier = Annotated[str, Meta(max_length=400, description="`namespace:value`, such as `email:ann@x.io`.")]


class NativeSignal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A signal: what happened, to whom, and when.

    Attributes:
        source: The tool it comes from.
        source_id: The tool's own id of the event, by which it is told from others; without it a hash of the
            content.
        occurred_at: With an offset; now, if not given.
        body: By kind, as `docs/signals.md` says.
        history: True updates memory and never acts.
    """

    source: Annotated[str, Meta(min_length=1, max_length=200)]
    kind: PublicKind
    identifiers: Annotated[list[_Identifier], Meta(min_length=1, max_length=20)]
    source_id: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    occurred_at: Annotated[datetime, Meta(tz=True)] | None = None
    body: dict[str, Any] = {}
    history: bool = False


Signals = NativeSignal | Annotated[list[NativeSignal], Meta(min_length=1, max_length=MAX_EVENTS)]


class CloudEvent(msgspec.Struct, frozen=True):
    """A CloudEvent as JSON; its other attributes and `data` are read too.

    In binary mode the attributes come as `ce-` headers, and the body is the data.
    """

    specversion: Annotated[str, Meta(pattern=r"^1\.")]
    id: Annotated[str, Meta(min_length=1)]
    source: Annotated[str, Meta(min_length=1)]
    type: Annotated[str, Meta(min_length=1)]


def signal_operations(intake: Intake) -> list[Operation[Any, Any]]:
    """Taking signals in."""

    async def native(asked: Asked[Any, Any]) -> shapes.Receipts:
        body = asked.body
        given = body if isinstance(body, list) else [body]
        now, trust = intake.now, _trust(asked.caller)
        taken = await intake.take("native", given, lambda item: _signal(item, now), trust=trust)
        return shapes.Receipts([telling.receipt(item) for item in taken])

    async def events(asked: Asked[Any, Any]) -> shapes.Receipts:
        found = cloudevents.events_in(asked.headers, asked.raw)
        if len(found) > MAX_EVENTS:
            raise Refusal(413, "too_large", f"{len(found):,} events are more than {MAX_EVENTS:,}")
        now, trust = intake.now, _trust(asked.caller)
        facing = intake.facing if trust == "verified" else replace(intake.facing, outcomes=frozenset())
        taken = await intake.take(
            "cloudevents",
            found,
            lambda event: cloudevents.signal_of(event, received=now, facing=facing),
            trust=trust,
            whole=len(asked.raw),
        )
        return shapes.Receipts([telling.receipt(item) for item in taken])

    return [
        Operation(
            *("POST", "/v1/signals", "take_signals", "Take one signal or a list of them in.", "ingest"),
            run=native,
            answers=shapes.Receipts,
            takes=Signals,
        ),
        Operation(
            *(
                "POST",
                "/v1/cloudevents",
                "take_cloudevents",
                "Take CloudEvents in, in any HTTP mode.",
                "ingest",
            ),
            run=events,
            answers=shapes.Receipts,
            foreign=True,
            media={cloudevents.STRUCTURED: CloudEvent, cloudevents.BATCH: list[CloudEvent]},
            fails=(422,),
        ),
    ]


def _trust(caller: Caller) -> Trust:
    """Whether the key is one of a system of record, or one that stands in a page for everybody to read."""
    return "verified" if "record" in caller.scopes else "claimed"


def _signal(item: NativeSignal, now: datetime) -> NewSignal:
    return NewSignal(
        source=item.source,
        source_id=item.source_id,
        kind=item.kind,
        identifiers=item.identifiers,
        occurred_at=item.occurred_at or now,
        body=item.body,
        history=item.history,
    )
