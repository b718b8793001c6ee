"""Remember: what the signal adds to memory, which goals it opens, moves, wins or loses, and who is asked."""

from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from segue import graph, plays, privacy
from segue.core.ids import derive, uniform
from segue.core.records.binding import Binding
from segue.core.records.context import Context
from segue.core.records.effects import Approval
from segue.core.records.heard import Heard, carried, is_read_again
from segue.core.records.memory import Arm, ArmName, Goal
from segue.core.records.percepts import Percept
from segue.core.records.playbook import Play, Settings
from segue.core.records.reading import READ_AGAIN
from segue.core.records.signals import Kind, Signal
from segue.core.units import HOUR, Instant
from segue.graph import FactView, Memory
from segue.planner.contact import with_contact
from segue.planner.failures import failure_of, tried_by, woken_by
from segue.planner.harms import opted_out
from segue.planner.holds import request_of
from segue.planner.house import House
from segue.planner.ledger import given_back, without
from segue.planner.options import Moment, Want
from segue.planner.promising import promised
from segue.planner.reading import holds, number
from segue.planner.superseding import superseded

if TYPE_CHECKING:
    from segue.core.records.decisions import Question


def remember(known: Context, signal: Signal, percept: Percept | None, house: House) -> Moment:
    """Apply the signal to what is known and find out what there is to decide."""
    playbook = house.playbook
    memory = _memory(known, signal, percept, house)
    context = given_back(with_contact(graph.apply(known, memory)), signal)
    stale = superseded(signal, context)
    context = without(context, stale.reservations) if stale is not None else context
    heard = carried(signal) or Heard(signal, percept)
    view = FactView(Binding(context, playbook, heard.signal, heard.percept), house.derived)
    moment = Moment(
        signal=signal,
        heard=heard.signal,
        percept=heard.percept,
        house=house,
        known=known,
        context=context,
        memory=memory,
        detected=plays.detect(signal, context, playbook),
        view=view,
        arm=_arm(context, playbook.settings),
        superseded=stale,
    )
    if signal.history:
        return moment
    failure = failure_of(signal, context)
    moment = replace(
        moment,
        approval=_approval(signal, context),
        request=request_of(signal),
        failure=failure,
        tried=tried_by(signal, failure, context),
    )
    return _asked(_with_goals(moment))


def _memory(known: Context, signal: Signal, percept: Percept | None, house: House) -> Memory:
    memory = graph.remember(signal, percept, known, house.playbook)
    brand = str(signal.body.get("brand", ""))
    consents = privacy.opt_out_facts(signal, percept, known.profile_id, brand) if known.profile_id else ()
    facts = memory.facts + consents
    harms = opted_out(known, signal, facts, house.playbook) if facts else ()
    facts += graph.felt_again(signal, known, house.playbook) if is_read_again(signal) else ()
    facts += promised(signal, percept, known, house.playbook, memory)
    if facts == memory.facts and not harms:
        return memory
    return replace(memory, facts=facts, outcomes=memory.outcomes + harms)


def _arm(context: Context, settings: Settings) -> Arm:
    """The unit's arm: the earliest assignment wins; a new one is drawn from a hash of the unit."""
    if context.arms:
        return min(context.arms, key=lambda arm: (arm.at, arm.unit))
    unit = f"account:{context.account_id}" if context.account_id else f"person:{context.person_id}"
    draw = uniform(unit, "arm")
    name: ArmName = "agent"
    if draw < settings.holdout_ppm:
        name = "holdout"
    elif draw < settings.holdout_ppm + settings.usual_ppm:
        name = "usual"
    return Arm(unit, name, context.now, draw)


def _approval(signal: Signal, context: Context) -> Approval | None:
    wanted = signal.body.get("approval")
    return next((item for item in context.approvals if item.id == wanted), None)


def _with_goals(moment: Moment) -> Moment:
    """Open goals of woken plays, re-read the state of open ones, close what is won or over."""
    told = moment.heard if moment.superseded is not None else moment.signal
    woken = plays.listening(told, moment.percept, moment.playbook, moment.now, moment.view)
    names = {play.name for play in woken} | _woken_by_ledger(moment)
    if not names and not any(goal.status == "open" for goal in moment.context.goals):
        return moment
    goals: list[Goal] = []
    wants: list[Want] = []
    for play in moment.playbook.plays.values():
        subject = _subject(play, moment.context)
        goal = _open_goal(play, subject, moment.context)
        if goal is None and not (play.name in names and subject and holds(play.audience, moment.view)):
            continue
        moved, want = _moved(moment, play, goal or _opened(moment, play, subject))
        if moved != goal and not play.service:
            goals.append(moved)
        if want and play.name in names:
            wants.append(want)
    return replace(moment, goals=tuple(goals), wants=tuple(wants))


def _woken_by_ledger(moment: Moment) -> set[str]:
    """A refused or failed effect, or a rejected approval, wakes the play it came from."""
    signal = moment.signal
    if signal.kind is Kind.EFFECT_REFUSED:
        return {row.effect.play for row in moment.context.ledger if row.effect.id == signal.body["effect"]}
    return woken_by(moment.failure) if moment.failure is not None else set()


def _subject(play: Play, context: Context) -> str:
    if play.scope == "account":
        return f"account:{context.account_id}" if context.account_id else ""
    return f"profile:{context.profile_id or context.profile_ids[0]}" if context.profile_ids else ""


def _open_goal(play: Play, subject: str, context: Context) -> Goal | None:
    """The play's open goal for this account, or for any profile of this person."""
    subjects = {subject, *(f"profile:{item}" for item in context.profile_ids)}
    if play.scope == "account":
        subjects = {subject}
    found = [g for g in context.goals if g.play == play.name and g.status == "open" and g.subject in subjects]
    return min(found, key=lambda goal: (goal.opened_at, goal.id)) if found else None


def _opened(moment: Moment, play: Play, subject: str) -> Goal:
    value = number(play.value, moment.view) or 0
    deadline = number(play.by, moment.view) if play.by else None
    return Goal(
        id=derive("goal", play.name, subject, moment.signal.id),
        play=play.name,
        subject=subject,
        opened_at=moment.now,
        state=play.states[0].name,
        status="open",
        value_micro=value,
        signal_id=moment.signal.id,
        deadline_at=Instant(deadline) if deadline is not None else None,
        contact=moment.context.profile_id or next(iter(moment.context.profile_ids), ""),
    )


def _moved(moment: Moment, play: Play, goal: Goal) -> tuple[Goal, Want | None]:
    state = plays.state_of(play, moment.view.bind(goal=goal))
    status: Literal["open", "won", "lost"] = "open"
    if any(item.name == play.outcome and item.goal_id in {"", goal.id} for item in moment.memory.outcomes):
        status = "won"
    elif goal.deadline_at is not None and goal.deadline_at <= moment.now:
        status = "lost"
    if status == "open":
        moved = replace(goal, state=state.name)
        return moved, Want(play, moved, state)
    return replace(goal, state=state.name, status=status, closed_at=moment.now), None


def _asked(moment: Moment) -> Moment:
    """Name the question; gate and approval come before the person's own next action."""
    question: Question | None = None
    if moment.request is not None:
        question = "gate"
    elif moment.approval is not None and _asks_approval(moment.signal):
        question = "approval"
    elif moment.signal.kind is Kind.EFFECT_REFUSED and not _was_a_reading(moment):
        question = "refused"
    elif moment.failure is not None:
        question = "failed"
    elif moment.wants:
        question = "next_action"
    elif late := _late(moment):
        return replace(moment, question="next_action", late=late)
    return replace(moment, question=question)


def _was_a_reading(moment: Moment) -> bool:
    """Whether the refused effect only asked what a message means: what was decided goes out without it."""
    wanted = moment.signal.body["effect"]
    return any(row.effect.action == READ_AGAIN for row in moment.context.ledger if row.effect.id == wanted)


def _late(moment: Moment) -> str:
    """Why a message that came late leads to nothing; else nobody could tell."""
    signal = moment.signal
    plays_of = plays.too_late(signal, moment.percept, moment.playbook, moment.now, moment.view)
    missed = [(play.name, max_age_s) for play, max_age_s in plays_of if holds(play.audience, moment.view)]
    if not missed:
        return ""
    name, max_age_s = max(missed, key=lambda item: item[1])
    hours = (moment.now - signal.occurred_at) // HOUR
    return f"it came {hours} hours after it was written, and `{name}` listens for {max_age_s // 3600} at most"


def _asks_approval(signal: Signal) -> bool:
    kinds = {Kind.APPROVAL_GIVEN, Kind.APPROVAL_REJECTED}
    return signal.kind in kinds or signal.body.get("timer_kind") in {"approved", "expire"}
