"""Effects and outcomes over HTTP: what was asked of tools, what came of it, or what a human found."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from segue.api import shapes, telling
from segue.api.handling import caller_of
from segue.api.operation import Asked, Operation
from segue.api.paging import Cursor, Limit, PageQuery, page
from segue.bootstrap import App
from segue.core.records.context import LedgerRow
from segue.core.records.memory import Outcome


class EffectsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Effects in which state, and which page; `open` is all that wait, run, or are looked up again."""

    state: Literal["open", "pending", "sent", "delivered", "failed", "unknown", "cancelled"] = "open"
    limit: Limit = 50
    cursor: Cursor = ""


class Settle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody who looked into the tool says of an effect that is unknown."""

    word: Literal["happened", "did_not"]
    by: Annotated[str, Meta(max_length=200, description="Who looked; the name of the key if not given.")] = ""


def ledger_operations(app: App) -> list[Operation[Any, Any]]:
    """What may be asked about effects and outcomes."""

    def effects(asked: Asked[EffectsQuery, None]) -> shapes.Effects:
        query = asked.query
        found = app.open_effects(_MOST) if query.state == "open" else app.effects(query.state, limit=_MOST)
        rows = {row.effect.id: row for row in found}
        shown, cursor = page(rows.values(), _when, PageQuery(query.limit, query.cursor), descending=False)
        return shapes.Effects([telling.effect(row, app.reporting) for row in shown], cursor)

    def effect(asked: Asked[Any, None]) -> shapes.Effect:
        return telling.effect(app.effect(asked.path["effect_id"]), app.reporting)

    async def settle(asked: Asked[Any, Settle]) -> shapes.Receipt:
        by = asked.body.by or caller_of(asked)
        return telling.receipt(await app.settle_effect(asked.path["effect_id"], asked.body.word, by))

    def outcomes(asked: Asked[PageQuery, None]) -> shapes.Outcomes:
        shown, cursor = page(app.outcomes(), _reached, asked.query, descending=True)
        return shapes.Outcomes([telling.shown(item, shapes.Outcome, app.reporting) for item in shown], cursor)

    one, parts = "/v1/effects/{effect_id}", {"effect_id": "An effect id."}
    return [
        Operation(
            *("GET", "/v1/effects", "list_effects", "List effects in one state, soonest first.", "read"),
            run=effects,
            answers=shapes.Effects,
            query=EffectsQuery,
        ),
        Operation(
            *("GET", one, "read_effect", "Read an effect and its attempts.", "read"),
            run=effect,
            answers=shapes.Effect,
            fails=(404,),
            parts=parts,
        ),
        Operation(
            *(
                "POST",
                f"{one}/settle",
                "settle_effect",
                "Tell what became of an unknown effect.",
                "act",
                settle,
            ),
            answers=shapes.Receipt,
            takes=Settle,
            fails=(404, 409),
            parts=parts,
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
