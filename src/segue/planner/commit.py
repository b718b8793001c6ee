"""Commit: write down in one record everything the step adds, decides, asks for and leaves open."""

from collections.abc import Mapping

from msgspec.structs import replace

from segue.core.ids import derive
from segue.core.records.context import TENANT
from segue.core.records.decisions import Decision, FactUsed
from segue.core.records.effects import Timer
from segue.core.records.events import Stepped
from segue.core.records.memory import Count, Fact
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.planner import rereading
from segue.planner.blanks import open_questions
from segue.planner.control import counter_of, hour_of, paused, shared_reads
from segue.planner.effects import requested
from segue.planner.holds import firings, woken
from segue.planner.ledger import settled
from segue.planner.linking import offered
from segue.planner.options import Choice, Moment
from segue.planner.parking import released
from segue.planner.promising import asleep, wakes
from segue.planner.propose import NO_ACTION
from segue.planner.rereading import ReadAgain, read_again
from segue.planner.superseding import Superseded
from segue.planner.superseding import released as released_rows
from segue.planner.telling import needless, reminded
from segue.planner.waiting import timers, timers_cancelled
from segue.planner.yielding import yielded

ANSWER = "answer"
"""The template that gives approved answers."""


def commit(moment: Moment, choice: Choice | None) -> Stepped:
    """Everything of one step as one event."""
    context, memory = moment.context, moment.memory
    decision = _decision(moment, choice) if choice else None
    asked = requested(moment, choice, decision) if choice and decision else None
    again = read_again(moment, decision, asked)
    stale, withdrawn = _stale(moment, choice), yielded(moment)
    reservations = (
        *settled(moment),
        *released_rows(moment.known, stale.reservations),
        *(asked.reservations if asked else ()),
        *rereading.settled(moment),
        *withdrawn.reservations,
        *again.reservations,
    )
    holds = woken(moment, reservations)
    return Stepped(
        signal_id=moment.signal.id,
        now=context.now,
        lane=context.lane,
        subject=moment.known.subject,
        links=context.links,
        person_id=moment.known.person_id,
        account_id=context.account_id,
        profile_id=context.profile_id,
        facts=(*memory.facts, *_detected_facts(moment), *_pauses(moment, choice)),
        messages=memory.messages,
        counts=(*memory.counts, *_chosen_count(moment, choice)),
        goals=moment.goals,
        outcomes=memory.outcomes,
        exposures=memory.exposures,
        arms=() if context.arms or decision is None else (moment.arm,),
        decision=_with_reading(moment, decision, again) if decision else None,
        effects=(*again.effects, *reminded(moment)),
        effect_changes=(*needless(moment), *stale.changes(), *rereading.lost(moment), *withdrawn.changes),
        timers=(*_detector_timers(moment), *timers(moment, choice, asked), *released(moment), *wakes(moment)),
        timers_cancelled=(
            *timers_cancelled(moment),
            *asleep(moment),
            *(hold.id for hold in holds),
            *stale.timers,
            *withdrawn.timers,
        ),
        reservations=reservations,
        approvals=(*stale.approvals(), *withdrawn.approvals, *(asked.approvals if asked else ())),
        derived=(*_derived(moment, choice), *firings(moment, holds)),
        codes=offered(moment, asked.effects) if asked else (),
    )


def _decision(moment: Moment, choice: Choice) -> Decision:
    context, chosen = moment.context, choice.chosen
    candidate = chosen.candidate
    return Decision(
        id=derive("decision", moment.signal.id, "0"),
        signal_id=moment.signal.id,
        index=0,
        at=context.now,
        lane=context.lane,
        subject=moment.known.subject,
        question=moment.question or "next_action",
        considered=tuple(option.considered() for option in choice.options),
        chosen=candidate.id,
        mode=choice.mode,
        because=choice.because,
        action=candidate.action,
        play=candidate.play or (moment.wants[0].play.name if moment.wants else ""),
        goal_id=moment.request.id if moment.request else candidate.goal_id,
        profile_id=candidate.profile_id or context.profile_id,
        account_id=context.account_id,
        person_id=context.person_id,
        arm=moment.arm.name,
        until=choice.until,
        facts=_facts(moment, choice),
        shared=shared_reads(moment, choice.options),
        propensities=choice.propensities,
        draws=choice.draws,
        engine=moment.house.engine,
    )


def _with_reading(moment: Moment, decision: Decision, again: ReadAgain) -> Decision:
    """The decision with what its receipt says of a second reading."""
    told = again.told or ("it was understood on second reading" if moment.superseded is not None else "")
    return replace(decision, reading=told, shared=(*decision.shared, *again.shared)) if told else decision


def _stale(moment: Moment, choice: Choice | None) -> Superseded:
    """What another choice takes the place of; where there is nothing to do, the first decision stands."""
    if choice is None or moment.superseded is None or choice.chosen.candidate.action == NO_ACTION:
        return Superseded()
    return moment.superseded


def _facts(moment: Moment, choice: Choice) -> tuple[FactUsed, ...]:
    """Facts the step read, with those that decided the option the choice speaks of."""
    spoken = choice.chosen if choice.chosen.action else choice.options[0]
    used = {fact.name: fact for view in (moment.view, spoken.view) for fact in view.used()}
    return tuple(fact for name, fact in sorted(used.items()) if not name.startswith("action."))


def _chosen_count(moment: Moment, choice: Choice | None) -> tuple[Count, ...]:
    """Candidates chosen per play and hour, before any approval: what the breaker watches."""
    if choice is None or not choice.chosen.candidate.play or choice.chosen.candidate.action == NO_ACTION:
        return ()
    if choice.waits_for:
        return ()
    return (Count(TENANT, counter_of(choice.chosen.candidate.play), hour_of(moment), 1),)


def _pauses(moment: Moment, choice: Choice | None) -> tuple[Fact, ...]:
    """The step that sees a breaker trip pauses the play; a human resumes it."""
    if choice is None:
        return ()
    names = {
        option.candidate.play
        for option in choice.options
        if option.stop is not None and option.stop.stage == "breaker"
    }
    return tuple(
        Fact(
            subject=TENANT,
            predicate="paused",
            qualifier=name,
            value=True,
            valid_from=moment.now,
            trust="verified",
            signal_id=moment.signal.id,
        )
        for name in sorted(names)
        if not paused(moment.context, name)
    )


def _detected_facts(moment: Moment) -> tuple[Fact, ...]:
    return tuple(fact for fired in moment.detected.fired for fact in fired.facts)


def _detector_timers(moment: Moment) -> tuple[Timer, ...]:
    subject = moment.context.subject
    return tuple(
        Timer(
            id=derive(item.kind, item.detector, item.subject or subject),
            kind=item.kind,
            subject=item.subject or subject,
            due_at=item.due_at,
            signal_id=moment.signal.id,
            body={"detector": item.detector, **item.body},
        )
        for item in moment.detected.timers
    )


def _derived(moment: Moment, choice: Choice | None) -> tuple[Signal, ...]:
    """Derived signals: id = hash of trigger and detector, taken up next in the same lane."""
    fired = [_fired(moment, one.detector, dict(one.numbers), one.subject) for one in moment.detected.fired]
    return (*fired, *_left_open(moment, choice))


def _left_open(moment: Moment, choice: Choice | None) -> tuple[Signal, ...]:
    """What an answer leaves unanswered, for those who listen to open questions."""
    if choice is None or choice.chosen.action is None or choice.mode != "act":
        return ()
    template = choice.chosen.action.template
    if template != ANSWER or not (left := open_questions(moment, choice.chosen)):
        return ()
    body = {"text": "\n".join(left), "questions": len(left)}
    names = [name for name, one in moment.playbook.detectors.items() if one.type == "open_question"]
    return tuple(_fired(moment, name, body, moment.known.subject) for name in names)


def _fired(moment: Moment, detector: str, body: Mapping[str, object], subject: str) -> Signal:
    source_id = f"{moment.signal.id}:{detector}"
    return Signal(
        id=moment.house.ids.signal_id("segue.detector", source_id),
        source="segue.detector",
        source_id=source_id,
        kind=Kind.DETECTOR_FIRED,
        identifiers=(),
        occurred_at=moment.signal.occurred_at,
        received_at=Instant(moment.now),
        body={"detector": detector, **body},
        subject=subject or moment.context.subject,
        trigger=moment.signal.id,
    )
