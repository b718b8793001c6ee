"""Waiting: the durable wake-ups a choice sets, spread by a hash, and those it makes needless."""

from collections.abc import Mapping

from segue.core.ids import derive, uniform
from segue.core.records.effects import Timer
from segue.core.units import PPM, SECOND, Instant
from segue.planner.effects import Asked
from segue.planner.holds import HOLD, ended, hold_body
from segue.planner.options import Choice, Moment, Want
from segue.planner.propose import NO_ACTION

PASSING = frozenset({"policy", "reservation", "breaker", "kill_switch", "choice"})
"""Stages whose reasons pass with time; what a goal has used up, does not fit or is not worth stays so."""


def timers(moment: Moment, choice: Choice | None, asked: Asked | None) -> tuple[Timer, ...]:
    """Timers of the choice: look again, hold, expire."""
    found: list[Timer] = _after(moment, choice) if choice is not None else []
    for approval in asked.approvals if asked else ():
        if approval.status == "pending":
            body = {"approval": approval.id}
            found.append(_timer(moment, "expire", approval.id, approval.subject, approval.expires_at, body))
    return tuple(found)


def timers_cancelled(moment: Moment) -> tuple[str, ...]:
    """Timers that have nothing left to wait for."""
    closed = tuple(derive("look_again", goal.id) for goal in moment.goals if goal.status != "open")
    answered = (
        (derive("expire", moment.approval.id),) if moment.question == "approval" and moment.approval else ()
    )
    return (*closed, *answered, *ended(moment))


def _after(moment: Moment, choice: Choice) -> list[Timer]:
    if moment.question == "gate":
        return _hold(moment, choice)
    if moment.question == "approval":
        return _approved(moment, choice)
    return _look_again(moment, choice)


def _hold(moment: Moment, choice: Choice) -> list[Timer]:
    request = moment.request
    if request is None or choice.mode != "hold" or choice.until is None or not request.body.get("reserve"):
        return []  # A mere check leaves nothing behind.
    body = hold_body(moment, request)
    return [_timer(moment, HOLD, request.id, moment.known.subject, choice.until, body)]


def _approved(moment: Moment, choice: Choice) -> list[Timer]:
    approval = moment.approval
    if approval is None or choice.until is None:
        return []
    body = {"approval": approval.id, "by": str(moment.signal.body.get("by", approval.by))}
    words = moment.signal.body.get("text")
    body |= {"text": words} if isinstance(words, str) and words else {}
    return [_timer(moment, "approved", approval.id, approval.subject, choice.until, body)]


def _look_again(moment: Moment, choice: Choice) -> list[Timer]:
    """The goal of the choice, or every goal that stayed silent with a date, is looked at again."""
    found = []
    for want in moment.wants:
        chosen = choice.chosen.candidate.goal_id == want.goal.id or want.play.service
        due = choice.until if chosen or choice.chosen.candidate.action == NO_ACTION else None
        if due is None and want.play.look_again_s and _may_change(choice, want):
            due = Instant(moment.now + want.play.look_again_s * SECOND)
        if due is None or due <= moment.now:
            continue
        body = {"goal": want.goal.id, "play": want.play.name}
        found.append(_timer(moment, "look_again", want.goal.id, want.goal.subject, due, body))
    return found


def _may_change(choice: Choice, want: Want) -> bool:
    """Whether time alone may change what can be done: something was begun, or held back for now."""
    if want.play.service:
        return False
    own = [o for o in choice.options if o.want is not None and o.want.goal.id == want.goal.id]
    begun = choice.chosen.candidate.goal_id == want.goal.id
    return begun or any(option.dropped_at in PASSING for option in own)


def _timer(
    moment: Moment, kind: str, of: str, subject: str, due_at: Instant, body: Mapping[str, object]
) -> Timer:
    """A timer spread by a hash, so that what waited for one window is not released as a burst."""
    spread = moment.playbook.settings.spread_s * SECOND if kind in {"look_again", "hold", "approved"} else 0
    shift = uniform(of, kind) * spread // PPM
    return Timer(derive(kind, of), kind, subject, Instant(due_at + shift), moment.signal.id, dict(body))
