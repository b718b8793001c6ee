"""What people do to Segue over HTTP: approve, reject, put dead letters back, stop and release."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from segue.api import shapes, telling
from segue.api.handling import caller_of
from segue.api.operation import Asked, Operation
from segue.api.paging import Cursor, Limit, PageQuery, page
from segue.bootstrap import App, DeadLetter
from segue.core.errors import MissingError
from segue.core.records.effects import Approval
from segue.core.units import to_instant

_By = Annotated[str, Meta(max_length=200, description="Who decides; the name of the key if not given.")]
_Text = Annotated[str, Meta(min_length=1, max_length=10_000)]


class ApprovalsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Approvals of which status, and which page."""

    status: Literal["pending", "given", "rejected", "expired"] = "pending"
    limit: Limit = 50
    cursor: Cursor = ""


class Approve(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Give an approval; `text` replaces the words of the draft, and policy is checked again."""

    by: _By = ""
    text: _Text | None = None


class Reject(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Reject a draft."""

    by: _By = ""
    reason: Annotated[str, Meta(max_length=10_000)] = ""


class KillSwitch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether all sending stands still; what is mandatory goes out still."""

    on: bool
    by: _By = ""


class Who(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who does it."""

    by: _By = ""


def approval_operations(app: App) -> list[Operation[Any, Any]]:
    """Approvals: list, give, reject."""

    def listed(asked: Asked[ApprovalsQuery, None]) -> shapes.Approvals:
        query = asked.query
        found = app.approvals(query.status)
        shown, cursor = page(found, _worth, PageQuery(query.limit, query.cursor), descending=True)
        return shapes.Approvals(
            [telling.shown(item, shapes.Approval, app.reporting) for item in shown], cursor
        )

    async def approve(asked: Asked[Any, Approve]) -> shapes.Receipt:
        by = asked.body.by or caller_of(asked)
        return telling.receipt(await app.approve(asked.path["approval_id"], by, asked.body.text))

    async def reject(asked: Asked[Any, Reject]) -> shapes.Receipt:
        by = asked.body.by or caller_of(asked)
        return telling.receipt(await app.reject(asked.path["approval_id"], by, asked.body.reason))

    parts = {"approval_id": "An approval id."}
    one = "/v1/approvals/{approval_id}"
    return [
        Operation(
            *("GET", "/v1/approvals", "list_approvals", "List drafts, the most valuable first.", "read"),
            run=listed,
            answers=shapes.Approvals,
            query=ApprovalsQuery,
        ),
        Operation(
            *("POST", f"{one}/approve", "approve", "Approve a draft that waits.", "act", approve),
            answers=shapes.Receipt,
            takes=Approve,
            fails=(404,),
            parts=parts,
        ),
        Operation(
            *("POST", f"{one}/reject", "reject", "Reject a draft that waits.", "act", reject),
            answers=shapes.Receipt,
            takes=Reject,
            fails=(404,),
            parts=parts,
        ),
    ]


def dead_letter_operations(app: App) -> list[Operation[Any, Any]]:
    """Dead letters: list, put back."""

    def listed(asked: Asked[PageQuery, None]) -> shapes.DeadLetters:
        shown, cursor = page(app.dead_letters(), _laid_aside, asked.query, descending=True)
        return shapes.DeadLetters(
            [telling.shown(item, shapes.DeadLetter, app.reporting) for item in shown], cursor
        )

    async def replay(asked: Asked[Any, None]) -> shapes.Done:
        await app.replay_dead_letter(asked.path["letter_id"])
        return shapes.Done()

    return [
        Operation(
            *("GET", "/v1/dead-letters", "list_dead_letters", "List dead letters, newest first.", "read"),
            run=listed,
            answers=shapes.DeadLetters,
            query=PageQuery,
        ),
        Operation(
            *("POST", "/v1/dead-letters/{letter_id}/replay", "replay_dead_letter"),
            summary="Put a dead letter back into the inbox.",
            scope="act",
            run=replay,
            answers=shapes.Done,
            fails=(404, 422),
            parts={"letter_id": "A dead letter's id."},
        ),
    ]


def control_operations(app: App) -> list[Operation[Any, Any]]:
    """The kill switch, and plays paused and resumed."""

    async def kill_switch(asked: Asked[Any, KillSwitch]) -> shapes.Receipt:
        by = asked.body.by or caller_of(asked)
        return telling.receipt(await app.control(by=by, kill_switch=asked.body.on))

    async def pause(asked: Asked[Any, Who]) -> shapes.Receipt:
        play, by = _play(app, asked.path["play"]), asked.body.by or caller_of(asked)
        return telling.receipt(await app.control(by=by, pause=play))

    async def resume(asked: Asked[Any, Who]) -> shapes.Receipt:
        play, by = _play(app, asked.path["play"]), asked.body.by or caller_of(asked)
        return telling.receipt(await app.control(by=by, resume=play))

    parts = {"play": "The name of a play."}
    return [
        Operation(
            *("PUT", "/v1/control/kill-switch", "set_kill_switch", "Stop all sending, or release it.", "act"),
            run=kill_switch,
            answers=shapes.Receipt,
            takes=KillSwitch,
        ),
        Operation(
            *("POST", "/v1/plays/{play}/pause", "pause_play", "Pause a play.", "act", pause),
            answers=shapes.Receipt,
            takes=Who,
            fails=(404,),
            parts=parts,
        ),
        Operation(
            *("POST", "/v1/plays/{play}/resume", "resume_play", "Resume a play.", "act", resume),
            answers=shapes.Receipt,
            takes=Who,
            fails=(404,),
            parts=parts,
        ),
    ]


def _play(app: App, name: str) -> str:
    if name not in app.playbook.plays:
        raise MissingError(f"no play `{name[:60]}`; there are {', '.join(sorted(app.playbook.plays))}")
    return name


def _worth(approval: Approval) -> tuple[int, str]:
    return approval.value_micro, approval.id


def _laid_aside(letter: DeadLetter) -> tuple[int, str]:
    return to_instant(letter.at), letter.id
