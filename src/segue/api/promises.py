"""Promises over HTTP: what was promised to and by a person, at any pair of instants."""

from typing import Any

from segue.api import shapes, telling
from segue.api.operation import Asked, Operation
from segue.api.people import WHO, AtQuery
from segue.bootstrap import App
from segue.bootstrap.promised import promise_ledger
from segue.core.units import to_datetime


def promise_operations(app: App) -> list[Operation[Any, Any]]:
    """What may be asked about promises."""

    def promises(asked: Asked[AtQuery, None]) -> shapes.Promises:
        query = asked.query
        found = promise_ledger(
            app, asked.path["who"], as_of=query.as_of or to_datetime(app.now), known_at=query.known_at or None
        )
        return shapes.Promises([telling.shown(line, shapes.Promise, app.reporting) for line in found])

    return [
        Operation(
            *("GET", "/v1/people/{who}/promises", "list_promises"),
            summary="List what was promised by and to a person, newest first.",
            scope="read",
            run=promises,
            answers=shapes.Promises,
            query=AtQuery,
            fails=(404,),
            parts={"who": WHO},
        ),
    ]
