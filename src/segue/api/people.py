"""People over HTTP: what is known of one, and their timeline over all channels, at any pair of instants."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from segue.api import shapes, telling
from segue.api.operation import Asked, Operation
from segue.api.paging import Cursor, Key, Limit, PageQuery, page
from segue.bootstrap import App
from segue.core.ports import PersonView
from segue.core.units import to_instant

# Not `| None`: in a query the word `null` is no time.
AsOf = Annotated[datetime, Meta(description="What was true then.", tz=True)] | UnsetType
KnownAt = Annotated[datetime, Meta(description="... by what was known then.", tz=True)] | UnsetType
WHO = "An identifier such as `email:ann@x.io`, or a person id."


class AtQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At which instants; nothing given is now."""

    as_of: AsOf = UNSET
    known_at: KnownAt = UNSET


class WhoQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who, and at which instants."""

    who: Annotated[str, Meta(min_length=1, max_length=400, description=WHO)]
    as_of: AsOf = UNSET
    known_at: KnownAt = UNSET


class TimelineQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which page of it, at which instants."""

    limit: Limit = 50
    cursor: Cursor = ""
    as_of: AsOf = UNSET
    known_at: KnownAt = UNSET


def people_operations(app: App) -> list[Operation[Any, Any]]:
    """What may be asked about people."""

    def seen(who: str, query: AtQuery | WhoQuery | TimelineQuery) -> PersonView:
        return app.person(who, as_of=query.as_of or None, known_at=query.known_at or None)

    def person(asked: Asked[AtQuery, None]) -> shapes.Person:
        return telling.person(seen(asked.path["who"], asked.query), app.reporting)

    def found(asked: Asked[WhoQuery, None]) -> shapes.Person:
        return telling.person(seen(asked.query.who, asked.query), app.reporting)

    def timeline(asked: Asked[TimelineQuery, None]) -> shapes.Timeline:
        query = asked.query
        items = telling.moments(seen(asked.path["who"], query))
        return shapes.Timeline(*page(items, _place, PageQuery(query.limit, query.cursor), descending=True))

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
