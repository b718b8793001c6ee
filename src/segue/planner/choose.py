"""Choose: one option, or silence, and say in one sentence why."""

from collections.abc import Mapping

from msgspec.structs import replace

from segue.core.ids import derive, uniform
from segue.core.money import MICRO, Money
from segue.core.records.decisions import Candidate, Mode, Score
from segue.core.records.playbook import Autonomy
from segue.core.records.signals import Kind
from segue.core.units import DAY, PPM, Instant
from segue.planner.draft import write
from segue.planner.failures import SHOW
from segue.planner.options import Choice, Moment, Option
from segue.planner.propose import NO_ACTION
from segue.planner.unanswered import unanswered

WAIT_UNTIL = "wait_until"
_LAST = frozenset({NO_ACTION, SHOW})
"""What is chosen only where nothing else is."""
_ORDER: tuple[Autonomy, ...] = ("shadow", "draft", "approve", "auto")
_MODES: Mapping[Autonomy, Mode] = {"shadow": "shadow", "draft": "draft", "approve": "approve", "auto": "act"}


def choose(moment: Moment, options: tuple[Option, ...]) -> Choice | None:
    """The choice for the question that was asked, or None when nothing was asked."""
    match moment.question:
        case None:
            return None
        case "gate":
            return _gate(moment, options)
        case "approval":
            return _approval(moment, options)
        case "next_action" | "refused" | "failed":
            return _next(moment, options)


def _next(moment: Moment, options: tuple[Option, ...]) -> Choice:
    ranked = sorted((o for o in options if o.alive and o.candidate.action not in _LAST), key=_rank)
    for option in ranked:
        if option.stop is not None or option.verdict.defer_until is not None:
            return _wait(moment, options, option)
        drafted = write(moment, option)
        options = _swap(options, drafted)
        if drafted.alive:
            return _explored(moment, _act(moment, options, drafted))
    return _shown(moment, options) or _unanswered(moment, options) or _silence(moment, options)


def _shown(moment: Moment, options: tuple[Option, ...]) -> Choice | None:
    """Where nothing else can be done about a failure, a human is shown it."""
    option = next((o for o in options if o.alive and o.candidate.action == SHOW), None)
    if option is None or moment.failure is None:
        return None
    drafted = write(moment, option)
    options = _swap(options, drafted)
    if not drafted.alive:
        return None
    because = f"{moment.failure.reason}; a human is shown it"
    return Choice(drafted, _settled(options, drafted), autonomy(drafted), because)


def _unanswered(moment: Moment, options: tuple[Option, ...]) -> Choice | None:
    """Where nothing can be said to somebody who wrote, a human is shown it."""
    option = unanswered(moment, options)
    drafted = write(moment, option) if option is not None else None
    if drafted is None or not drafted.alive:
        return None
    because = f"{drafted.because}; a human is shown it"
    return Choice(drafted, _settled((*options, drafted), drafted), autonomy(drafted), because)


def _rank(option: Option) -> tuple[int, int, int, str]:
    """Mandatory first, then service in the playbook's order, then expected value; ties by candidate id."""
    mandatory = 0 if option.candidate.purpose == "mandatory" else 1
    if option.score is None:
        place = option.want.play.actions.index(option.candidate.action) if option.want else 0
        return (mandatory, 0, place, option.candidate.id)
    return (mandatory, 1, -option.score.total, option.candidate.id)


def _act(moment: Moment, options: tuple[Option, ...], option: Option) -> Choice:
    mode: Mode = autonomy(option)
    rival = _best_rival(options, option)
    because = _sentence(moment, option, rival)
    return Choice(
        option, _settled(options, option), mode, because, propensities=((option.candidate.id, PPM),)
    )


def autonomy(option: Option) -> Mode:
    """What becomes of a chosen option: the strictest of play, action, policy and risk."""
    wanted: list[Autonomy] = [option.want.play.autonomy] if option.want else []
    action = option.action
    if action is not None:
        wanted += [action.autonomy] if action.autonomy else []
        wanted += ["approve"] if action.high_risk else []
    wanted += ["approve"] if option.verdict.needs_approval else []
    strictest: Autonomy = min(wanted, key=_ORDER.index, default="auto")
    return _MODES[strictest]


def _best_rival(options: tuple[Option, ...], option: Option) -> Option | None:
    rivals = [o for o in options if o.alive and o.score and o.candidate.id != option.candidate.id]
    return max(rivals, key=lambda o: (o.score.total if o.score else 0, o.candidate.id), default=None)


def _sentence(moment: Moment, option: Option, rival: Option | None) -> str:
    if option.score is None:
        return f"{option.candidate.purpose}: `{option.candidate.play}` asks for it and policy lets it pass"
    reporting = moment.playbook.settings.rates.reporting
    worth = shown(option.score.total, reporting)
    if rival is None or rival.score is None or rival.candidate.action == NO_ACTION:
        return f"expected to bring {worth} more than silence"
    return f"expected to bring {worth}, `{rival.candidate.action}` {shown(rival.score.total, reporting)}"


def shown(micro: int, reporting: str) -> str:
    """Micro-units as money for people."""
    return str(Money(round(micro / MICRO), reporting))


def _wait(moment: Moment, options: tuple[Option, ...], option: Option) -> Choice:
    """Waiting is a candidate of its own: for a window to open, or for a human to lift what stops it.

    What waits is rescored then.
    """
    stop = option.stop
    until = option.verdict.defer_until if stop is None else None
    candidate = Candidate(
        id=derive("candidate", moment.signal.id, WAIT_UNTIL, option.candidate.id),
        action=WAIT_UNTIL,
        purpose="internal",
        at=until or moment.now,
        play=option.candidate.play,
        goal_id=option.candidate.goal_id,
        profile_id=option.candidate.profile_id,
    )
    rule = stop.because if stop is not None else option.verdict.rule or "not now"
    because = f"`{option.candidate.action}` waits: {rule}"
    waiting = Option(
        candidate, option.view.bind(candidate=candidate), want=option.want, score=option.score or Score(0)
    )
    held = option.drop(stop.stage if stop is not None else "policy", because)
    settled = _settled((*_swap(options, held), waiting), waiting)
    return Choice(waiting, settled, "nothing", because, until, stop.waits_for if stop is not None else "")


def _silence(moment: Moment, options: tuple[Option, ...]) -> Choice:
    nothing = next(o for o in options if o.candidate.action == NO_ACTION)
    others = [o for o in options if o.candidate.action != NO_ACTION]
    until = min((o.verdict.hold_until for o in others if o.verdict.hold_until is not None), default=None)
    if not others:
        because = moment.late or "nothing could be done for this person"
    elif all(o.dropped_at == "score" for o in others):
        because = "silence is worth more than anything that could be said"
    else:
        strongest = min(others, key=lambda o: (_telling(o), -(o.score.total if o.score else 0)))
        because = f"`{strongest.candidate.action}` dropped at {strongest.dropped_at}: {strongest.because}"
        if strongest.dropped_at == "precondition":
            because = "none of the playbook's actions fits what is known"
    settled = _settled(options, nothing)
    return Choice(nothing, settled, "nothing", because, until, propensities=((nothing.candidate.id, PPM),))


_TELLING = ("policy", "reservation", "breaker", "kill_switch", "arm", "draft", "score", "repeat")


def _telling(option: Option) -> int:
    """How much a dropped option tells of why nothing was done: what was held back comes first."""
    stage = option.dropped_at
    return _TELLING.index(stage) if stage in _TELLING else len(_TELLING)


def _settled(options: tuple[Option, ...], chosen: Option) -> tuple[Option, ...]:
    """Every option but the chosen one says where it dropped out."""
    return tuple(
        chosen
        if o.candidate.id == chosen.candidate.id
        else o
        if not o.alive
        else o.drop(o.stop.stage, o.stop.because)
        if o.stop is not None
        else o.drop("choice", f"`{chosen.candidate.action}` is better")
        for o in options
    )


def _swap(options: tuple[Option, ...], option: Option) -> tuple[Option, ...]:
    return tuple(option if o.candidate.id == option.candidate.id else o for o in options)


def _explored(moment: Moment, choice: Choice) -> Choice:
    """Keep a propensity floor for silence where exploring is harmless, so that uplift can be learned."""
    floor = moment.playbook.settings.no_action_floor_ppm
    option = choice.chosen
    if floor <= 0 or choice.mode != "act" or option.candidate.purpose != "commercial":
        return choice
    nothing = next(o for o in choice.options if o.candidate.action == NO_ACTION)
    draw = uniform(moment.signal.id, "no_action_floor")
    propensities = ((option.candidate.id, PPM - floor), (nothing.candidate.id, floor))
    draws = (("no_action_floor", draw),)
    if draw >= floor:
        return replace(choice, draws=draws, propensities=propensities)
    quiet = replace(nothing, dropped_at="", because="")
    dropped = option.drop("choice", "left out to learn what silence brings")
    return Choice(
        quiet,
        _settled(_swap(_swap(choice.options, dropped), quiet), quiet),
        "nothing",
        "drawn to learn what silence brings",
        draws=draws,
        propensities=propensities,
    )


def _gate(moment: Moment, options: tuple[Option, ...]) -> Choice:
    """Allow, hold or deny another tool's request."""
    asked = options[0]
    nothing = next(o for o in options if o.candidate.action == NO_ACTION)
    may_hold = moment.request is not None and moment.request.body.get("hold", True) is not False
    if moment.context.told:
        over = asked.drop("repeat", f"the tool has {moment.context.told} it already")
        return Choice(nothing, _settled(_swap(options, over), nothing), "deny", over.because)
    if asked.alive and asked.stop is not None:
        held, stop = asked.drop(asked.stop.stage, asked.stop.because), asked.stop
        settled = _settled(_swap(options, held), nothing)
        if may_hold:
            return Choice(nothing, settled, "hold", stop.because, waits_for=stop.waits_for)
        return Choice(nothing, settled, "deny", stop.because)
    if asked.alive and asked.verdict.defer_until is None:
        return Choice(asked, _settled(options, asked), "allow", "no policy objects and the caps have room")
    # What is forbidden for good does not wait for contact hours to open.
    is_over = asked.dropped_at == "policy" and asked.verdict.hold_until is None
    until = None if is_over else asked.verdict.defer_until or asked.verdict.hold_until
    because = asked.because or next((m.why for m in asked.verdict.matches if m.then == "defer"), "")
    if asked.dropped_at == "reservation":
        until = Instant(moment.now + DAY)
    held = asked if not asked.alive else asked.drop("policy", because)
    settled = _settled(_swap(options, held), nothing)
    if may_hold and until is not None:
        return Choice(nothing, settled, "hold", because, until)
    return Choice(nothing, settled, "deny", because)


def _approval(moment: Moment, options: tuple[Option, ...]) -> Choice:
    """A human spoke: policy is asked again with what is known now, then the draft goes out or not."""
    asked = options[0]
    signal = moment.signal
    by = str(signal.body.get("by", ""))
    nothing = next(o for o in options if o.candidate.action == NO_ACTION)
    if signal.kind is Kind.APPROVAL_REJECTED:
        because = f"rejected by {by}: {signal.body.get('reason', '')}".rstrip(": ")
    elif signal.body.get("timer_kind") == "expire":
        because = "nobody approved it in time"
    elif not asked.alive:
        because = f"approved by {by}, but dropped at {asked.dropped_at}: {asked.because}"
    elif asked.stop is not None or asked.verdict.defer_until is not None:
        return _wait(moment, options, asked)
    else:
        drafted = write(moment, asked)
        if drafted.alive:
            return Choice(drafted, _settled(_swap(options, drafted), drafted), "act", f"approved by {by}")
        options, because = _swap(options, drafted), f"approved by {by}, but {drafted.because}"
    dropped = options[0] if not options[0].alive else options[0].drop("choice", because)
    return Choice(nothing, _settled(_swap(options, dropped), nothing), "nothing", because)
