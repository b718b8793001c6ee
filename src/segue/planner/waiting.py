"""Waiting: the durable wake-ups a choice sets, spread by a hash, and those it makes needless."""

from collections.abc import Mapping

from segue.core.ids import derive, uniform
from segue.core.records.effects import Timer
from segue.core.records.heard import carrying
from segue.core.records.parking import parked_at
from segue.core.records.signals import Kind
from segue.core.units import PPM, SECOND, Instant
from segue.planner.choose import WAIT_UNTIL
from segue.planner.effects import Asked
from segue.planner.holds import HOLD, ended, hold_body
from segue.planner.options import Choice, Moment, Want
from segue.planner.propose import NO_ACTION
from segue.planner.telling import reminder, reminder_id
from segue.plays import SILENCE

LOOK_AGAIN = "look_again"
PASSING = frozenset({"policy", "reservation", "breaker", "kill_switch", "choice"})
"""Stages whose reasons pass with time; what a goal has used up, does not fit or is not worth stays so."""


def timers(moment: Moment, choice: Choice | None, asked: Asked | None) -> tuple[Timer, ...]:
    """Timers of the choice: look again, hold, expire."""
    found: list[Timer] = _after(moment, choice) if choice is not None else []
    for approval in asked.approvals if asked else ():
        if approval.status == "pending":
            body = {"approval": approval.id}
            found.append(_timer(moment, "expire", approval.id, approval.subject, approval.expires_at, body))
            found += reminder(moment, approval)
    return tuple(found)


def timers_cancelled(moment: Moment) -> tuple[str, ...]:
    """Timers that have nothing left to wait for."""
    closed = tuple(derive(LOOK_AGAIN, goal.id) for goal in moment.goals if goal.status != "open")
    answered: tuple[str, ...] = ()
    if moment.question == "approval" and moment.approval:
        answered = (derive("expire", moment.approval.id), reminder_id(moment.approval.id))
    return (*closed, *answered, *ended(moment), *_handed_back(moment))


def _handed_back(moment: Moment) -> tuple[str, ...]:
    """Whoever hands a conversation back owes no answer in it any more."""
    if moment.signal.kind is not Kind.CONVERSATION_RELEASED or moment.view("person.human_in_conversation"):
        return ()
    return tuple(timer.id for timer in moment.context.timers if timer.kind == SILENCE)


def _after(moment: Moment, choice: Choice) -> list[Timer]:
    if moment.question == "gate":
        return _hold(moment, choice)
    if moment.question == "approval":
        return _approved(moment, choice)
    return _look_again(moment, choice)


def _hold(moment: Moment, choice: Choice) -> list[Timer]:
    request = moment.request
    if request is None or choice.mode != "hold" or not request.body.get("reserve"):
        return []  # A mere check leaves nothing behind.
    return _waiting(moment, choice, HOLD, request.id, moment.known.subject, hold_body(moment, request))


def _approved(moment: Moment, choice: Choice) -> list[Timer]:
    approval = moment.approval
    if approval is None:
        return []
    body = {"approval": approval.id, "by": str(moment.signal.body.get("by", approval.by))}
    words = moment.signal.body.get("text")
    body |= {"text": words} if isinstance(words, str) and words else {}
    return _waiting(moment, choice, "approved", approval.id, approval.subject, body)


def _waiting(
    moment: Moment, choice: Choice, kind: str, of: str, subject: str, body: Mapping[str, object]
) -> list[Timer]:
    """The timer of a choice that waits: parked for a human's word, or until its time."""
    if choice.waits_for:
        return [_parked(moment, kind, of, subject, choice.waits_for, body)]
    return [_timer(moment, kind, of, subject, choice.until, body)] if choice.until is not None else []


def _look_again(moment: Moment, choice: Choice) -> list[Timer]:
    """The goal of the choice, and every other one that was held back, is looked at again."""
    found = []
    for want in moment.wants:
        of, subject, body = _what(moment, choice, want)
        waits_for = _stopped(choice, want)
        if waits_for:
            found.append(_parked(moment, LOOK_AGAIN, of, subject, waits_for, body))
            continue
        due = choice.until if _is_own(choice, want) or choice.chosen.candidate.action == NO_ACTION else None
        if due is None and want.play.look_again_s and _may_change(choice, want):
            due = Instant(moment.now + want.play.look_again_s * SECOND)
        if due is not None and due > moment.now:
            found.append(_timer(moment, LOOK_AGAIN, of, subject, due, body))
    return found


def _is_own(choice: Choice, want: Want) -> bool:
    chosen = choice.chosen.want
    return chosen is not None and chosen.goal.id == want.goal.id


def _stopped(choice: Choice, want: Want) -> str:
    """What a human has to say before a want is looked at again, where a control stands in its way."""
    if _is_own(choice, want):
        return choice.waits_for
    stopped = (
        option.stop.waits_for
        for option in choice.options
        if option.stop is not None
        and option.dropped_at == option.stop.stage
        and option.want is not None
        and option.want.goal.id == want.goal.id
    )
    return next(stopped, "")


def _what(moment: Moment, choice: Choice, want: Want) -> tuple[str, str, dict[str, object]]:
    """Name, subject and body of what is looked at again: a goal, or the message itself.

    No goal keeps what a service waits with, so its message is carried along, under the key of whoever wrote
    it. The same question asked twice while it has to wait is one question.
    """
    body: dict[str, object] = {"goal": want.goal.id, "play": want.play.name}
    waits = bool(choice.waits_for) or choice.chosen.candidate.action == WAIT_UNTIL
    body |= {"tried": list(moment.tried)} if waits and moment.tried else {}
    if not want.play.service or not waits:
        return want.goal.id, want.goal.subject, body
    percept = moment.percept
    meant = sorted({intent.label for intent in percept.intents}) or [percept.decision] if percept else []
    of = derive("asked", want.play.name, want.goal.subject, *meant) if meant else want.goal.id
    return of, moment.known.subject, body | carrying(moment.heard, percept)


def _may_change(choice: Choice, want: Want) -> bool:
    """Whether time alone may change what can be done: something was begun, or held back for now."""
    if want.play.service:
        return False
    own = [o for o in choice.options if o.want is not None and o.want.goal.id == want.goal.id]
    return _is_own(choice, want) or any(option.dropped_at in PASSING for option in own)


def _timer(
    moment: Moment, kind: str, of: str, subject: str, due_at: Instant, body: Mapping[str, object]
) -> Timer:
    """A timer spread by a hash, so that what waited for one window is not released as a burst."""
    spread = moment.playbook.settings.spread_s * SECOND if kind in {LOOK_AGAIN, HOLD, "approved"} else 0
    shift = uniform(of, kind) * spread // PPM
    return Timer(derive(kind, of), kind, subject, Instant(due_at + shift), moment.signal.id, dict(body))


def _parked(
    moment: Moment, kind: str, of: str, subject: str, reason: str, body: Mapping[str, object]
) -> Timer:
    """A timer that waits for a human's word."""
    parked = {**body, "waits_for": reason}
    return Timer(derive(kind, of), kind, subject, parked_at(reason), moment.signal.id, parked)
