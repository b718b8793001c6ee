"""People over HTTP: what is known of one, and their timeline over all channels, at any pair of instants."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from segue.api import shapes, telling
from segue.api.operation import Asked, Operation
from segue.api.paging import Cursor, Key, Limit, PageQuery, page
from segue.bootstrap import App
from segue.core.units import to_instant

AsOf = Annotated[datetime, Meta(description="What was true then.", tz=True)] | None
KnownAt = Annotated[datetime, Meta(description="... by what was known then.", tz=True)] | None
WHO = "An identifier such as `email:ann@x.io`, or a person id."


class AtQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At which instants; nothing given is now."""

    as_of: AsOf = None
    known_at: KnownAt = None


class WhoQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who, and at which instants."""

    who: Annotated[str, Meta(min_length=1, max_length=400, description=WHO)]
    as_of: AsOf = None
    known_at: KnownAt = None


class TimelineQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which page of it, at which instants."""

    limit: Limit = 50
    cursor: Cursor = ""
    as_of: AsOf = None
    known_at: KnownAt = None


def people_operations(app: App) -> list[Operation[Any, Any]]:
    """What may be asked about people."""

    def person(asked: Asked[AtQuery, None]) -> shapes.Person:
        query = asked.query
        view = app.person(asked.path["who"], as_of=query.as_of, known_at=query.known_at)
        return telling.person(view, app.reporting)

    def found(asked: Asked[WhoQuery, None]) -> shapes.Person:
        query = asked.query
        return telling.person(
            app.person(query.who, as_of=query.as_of, known_at=query.known_at), app.reporting
        )

    def timeline(asked: Asked[TimelineQuery, None]) -> shapes.Timeline:
        query = asked.query
        view = app.person(asked.path["who"], as_of=query.as_of, known_at=query.known_at)
        shown = page(telling.moments(view), _place, PageQuery(query.limit, query.cursor), descending=True)
        return shapes.Timeline(*shown)

    parts = {"who": WHO}
    return [
        Operation(
            *("GET", "/v1/people", "find_person", "Find a person by any identifier.", "read", found),
            answers=shapes.Person,
            query=WhoQuery,
            fails=(404,),
        ),
        Operation(
            *("GET", "/v1/people/{who}", "read_person", "Read what is known of a person.", "read", person),
            answers=shapes.Person,
            query=AtQuery,
            fails=(404,),
            parts=parts,
        ),
        Operation(
            *("GET", "/v1/people/{who}/timeline", "read_timeline", "Read a person's timeline.", "read"),
            run=timeline,
            answers=shapes.Timeline,
            query=TimelineQuery,
            fails=(404,),
            parts=parts,
        ),
    ]


def _place(moment: shapes.Moment) -> Key:
    return to_instant(moment.at), f"{moment.id}{moment.kind}"
