"""Decisions over HTTP: the list, and one receipt."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from segue.api import shapes, telling
from segue.api.operation import Asked, Operation
from segue.api.paging import Cursor, Limit, cursor_of, key_of
from segue.api.people import WHO
from segue.bootstrap import App


class DecisionsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose decisions, and which page; nobody named is everybody."""

    who: Annotated[str, Meta(max_length=400, description=WHO)] = ""
    limit: Limit = 50
    cursor: Cursor = ""


def decision_operations(app: App) -> list[Operation[Any, Any]]:
    """What may be asked about decisions."""

    def listed(asked: Asked[DecisionsQuery, None]) -> shapes.Decisions:
        query = asked.query
        after = key_of(query.cursor)
        found = app.numbered_decisions(
            query.who, limit=query.limit + 1, before=None if after is None else after[0]
        )
        shown = found[: query.limit]
        more = len(found) > query.limit
        return shapes.Decisions(
            [telling.shown(decision, shapes.DecisionLine, app.reporting) for _, decision in shown],
            cursor_of((shown[-1][0], shown[-1][1].id)) if more else None,
        )

    def receipt(asked: Asked[Any, None]) -> shapes.DecisionReceipt:
        return telling.decision_receipt(app.explain(asked.path["decision_id"]), app.reporting)

    return [
        Operation(
            *("GET", "/v1/decisions", "list_decisions", "List decisions, newest first.", "read", listed),
            answers=shapes.Decisions,
            query=DecisionsQuery,
            fails=(404,),
        ),
        Operation(
            *("GET", "/v1/decisions/{decision_id}", "read_decision", "Read a decision's receipt.", "read"),
            run=receipt,
            answers=shapes.DecisionReceipt,
            fails=(404,),
            parts={"decision_id": "A decision id."},
        ),
    ]
