"""Who is who over HTTP: what humans say of it, and what that changes."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from segue.api import shapes, telling
from segue.api.handling import caller_of
from segue.api.operation import Asked, Operation
from segue.bootstrap import App

_Named = Annotated[
    list[Annotated[str, Meta(min_length=1, max_length=400)]],
    Meta(min_length=1, max_length=50, description="Identifiers such as `email:ann@x.io`."),
]
_By = Annotated[str, Meta(max_length=200, description="Who says so; the name of the key if not given.")]


class Sides(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Two sides; with `dry_run` nothing is changed."""

    one: _Named
    other: _Named
    by: _By = ""
    dry_run: bool = False


def identity_operations(app: App) -> list[Operation[Any, Any]]:
    """Split and merge people."""

    async def split(asked: Asked[Any, Sides]) -> shapes.IdentityPlan:
        return await _judged(app, asked, splits=True)

    async def merge(asked: Asked[Any, Sides]) -> shapes.IdentityPlan:
        return await _judged(app, asked, splits=False)

    return [
        Operation(
            *("POST", "/v1/identity/split", "split_person", "Say that one person is two.", "act", split),
            answers=shapes.IdentityPlan,
            takes=Sides,
            fails=(404, 422),
        ),
        Operation(
            *("POST", "/v1/identity/merge", "merge_people", "Say that two people are one.", "act", merge),
            answers=shapes.IdentityPlan,
            takes=Sides,
            fails=(404, 422),
        ),
    ]


async def _judged(app: App, asked: Asked[Any, Sides], *, splits: bool) -> shapes.IdentityPlan:
    sides = asked.body
    judge = app.split if splits else app.merge
    by = sides.by or caller_of(asked)
    plan = await judge(sides.one, sides.other, by=by, dry_run=sides.dry_run)
    return telling.shown(plan, shapes.IdentityPlan, app.reporting)
