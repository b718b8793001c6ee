"""Effects and outcomes over HTTP: what was asked of tools, and what came of it."""

from typing import Any

from segue.api import shapes, telling
from segue.api.operation import Asked, Operation
from segue.api.paging import PageQuery, page
from segue.bootstrap import App
from segue.core.records.context import LedgerRow
from segue.core.records.memory import Outcome


def ledger_operations(app: App) -> list[Operation[Any, Any]]:
    """What may be asked about effects and outcomes."""

    def effects(asked: Asked[PageQuery, None]) -> shapes.Effects:
        rows = {row.effect.id: row for row in app.open_effects(_MOST)}
        shown, cursor = page(rows.values(), _when, asked.query, descending=False)
        return shapes.Effects([telling.effect(row, app.reporting) for row in shown], cursor)

    def effect(asked: Asked[Any, None]) -> shapes.Effect:
        return telling.effect(app.effect(asked.path["effect_id"]), app.reporting)

    def outcomes(asked: Asked[PageQuery, None]) -> shapes.Outcomes:
        shown, cursor = page(app.outcomes(), _reached, asked.query, descending=True)
        return shapes.Outcomes([telling.shown(item, shapes.Outcome, app.reporting) for item in shown], cursor)

    return [
        Operation(
            *("GET", "/v1/effects", "list_effects", "List effects that are open, soonest first.", "read"),
            run=effects,
            answers=shapes.Effects,
            query=PageQuery,
        ),
        Operation(
            *("GET", "/v1/effects/{effect_id}", "read_effect", "Read an effect and its attempts.", "read"),
            run=effect,
            answers=shapes.Effect,
            fails=(404,),
            parts={"effect_id": "An effect id."},
        ),
        Operation(
            *("GET", "/v1/outcomes", "list_outcomes", "List outcomes and harms, newest first.", "read"),
            run=outcomes,
            answers=shapes.Outcomes,
            query=PageQuery,
        ),
    ]


_MOST = 10_000
"""So many open effects are looked through."""


def _when(row: LedgerRow) -> tuple[int, str]:
    return row.effect.not_before, row.effect.id


def _reached(outcome: Outcome) -> tuple[int, str]:
    return outcome.at, outcome.id
