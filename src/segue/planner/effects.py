"""Effects: what a choice asks of the outside, with the reservations and approvals that go with it."""

from dataclasses import dataclass, replace
from typing import Literal

import msgspec

from segue.core.ids import derive
from segue.core.records.decisions import Decision
from segue.core.records.effects import Approval, Effect, Reservation
from segue.core.records.signals import Kind, Signal
from segue.core.units import SECOND, Instant
from segue.planner.control import paused
from segue.planner.ledger import held_rows
from segue.planner.options import Choice, Moment, Option
from segue.planner.propose import NO_ACTION
from segue.planner.reserve import ONCE, reservations
from segue.planner.telling import told

TOLD_IN_S = 86_400


@dataclass(frozen=True, slots=True)
class Asked:
    """What a choice asks for."""

    effects: tuple[Effect, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    approvals: tuple[Approval, ...] = ()


def requested(moment: Moment, choice: Choice, decision: Decision) -> Asked:
    """Effects, reservations and approvals of a choice, with what humans are told of it."""
    asked = _by_mode(moment, choice, decision)
    alerts = _alerts(moment, choice, decision, len(asked.effects))
    effects = (*asked.effects, *alerts)
    return replace(asked, effects=(*effects, *told(moment, decision, effects, asked.approvals)))


def _by_mode(moment: Moment, choice: Choice, decision: Decision) -> Asked:
    if decision.question == "gate":
        return _gate(moment, choice, decision)
    if decision.question == "approval":
        return _approval(moment, choice, decision)
    option = choice.chosen
    match choice.mode:
        case "act":
            rows = reservations(moment, option)
            return Asked((_effect(moment, option, decision, rows),), rows)
        case "approve":
            rows = reservations(moment, option)
            return Asked((), rows, (_to_approve(moment, option, decision, rows),))
        case _:
            return Asked()


def _effect(moment: Moment, option: Option, decision: Decision, rows: tuple[Reservation, ...]) -> Effect:
    candidate, action = option.candidate, option.action
    return Effect(
        id=derive("effect", moment.signal.id, "0"),
        decision_id=decision.id,
        signal_id=moment.signal.id,
        index=0,
        connector=candidate.connector,
        verb=candidate.verb,
        effect_class=action.effect_class if action else "U",
        arguments=candidate.arguments,
        not_before=moment.now,
        deadline_at=Instant(moment.now + (action.deadline_s if action else TOLD_IN_S) * SECOND),
        subject=_subject(moment, option),
        action=candidate.action,
        purpose=candidate.purpose,
        profile_id=candidate.profile_id,
        account_id=moment.context.account_id,
        play=candidate.play,
        goal_id=candidate.goal_id,
        channel=candidate.channel,
        brand=candidate.brand,
        sender=candidate.sender,
        offer=candidate.offer,
        candidate_id=candidate.id,
        reservations=tuple(row.id for row in rows),
        tried=moment.tried,
    )


def _subject(moment: Moment, option: Option) -> str:
    profile = option.candidate.profile_id
    return f"profile:{profile}" if profile else moment.context.subject


def _to_approve(
    moment: Moment, option: Option, decision: Decision, rows: tuple[Reservation, ...]
) -> Approval:
    return Approval(
        id=derive("approval", decision.id),
        decision_id=decision.id,
        subject=_subject(moment, option),
        asked_at=moment.now,
        expires_at=Instant(moment.now + moment.playbook.settings.approval_s * SECOND),
        effects=(_effect(moment, option, decision, rows),),
        value_micro=option.score.total if option.score else 0,
        because=decision.because,
        play=option.candidate.play,
        action=option.candidate.action,
    )


def _approval(moment: Moment, choice: Choice, decision: Decision) -> Asked:
    """What becomes of an approved draft: its effect, committed by the approving signal's own decision."""
    approval = moment.approval
    if approval is None:
        return Asked()
    effect, signal = approval.effects[0], moment.signal
    by = str(signal.body.get("by", approval.by))
    if choice.mode == "act":
        late = effect.deadline_at - effect.not_before
        sent = msgspec.structs.replace(
            effect,
            id=derive("effect", signal.id, "0"),
            decision_id=decision.id,
            signal_id=signal.id,
            arguments=choice.chosen.candidate.arguments,
            not_before=moment.now,
            deadline_at=Instant(moment.now + late),
        )
        return Asked((sent,), (), (msgspec.structs.replace(approval, status="given", by=by),))
    if choice.chosen.candidate.action != NO_ACTION:
        return Asked((), (), (msgspec.structs.replace(approval, status="given", by=by),))
    freed = tuple(
        msgspec.structs.replace(row, state=_left(row, signal))
        for row in moment.context.reservations
        if row.id in effect.reservations and row.state == "held"
    )
    status = "expired" if signal.body.get("timer_kind") == "expire" else "rejected"
    if signal.kind is Kind.APPROVAL_GIVEN or signal.body.get("timer_kind") == "approved":
        status = "given"
    return Asked((), freed, (msgspec.structs.replace(approval, status=status, by=by),))


def _left(row: Reservation, signal: Signal) -> Literal["used", "released"]:
    """What becomes of it: caps are free again; what a human refused is not asked again for its goal."""
    return "used" if signal.kind is Kind.APPROVAL_REJECTED and row.key.startswith(ONCE) else "released"


def _gate(moment: Moment, choice: Choice, decision: Decision) -> Asked:
    """Room where it was asked for; and the tool is told when a request it had to wait with is settled."""
    request = moment.request
    if request is None:
        return Asked()
    rows = _room(moment, choice, request) if request.body.get("reserve") else ()
    waited = moment.signal.kind is Kind.TIMER_FIRED and not moment.context.told
    if not waited or choice.mode == "hold":
        return Asked((), rows)
    told = _told(
        moment,
        decision,
        connector=str(request.body["tool"]),
        verb="release_hold",
        arguments={
            "key": request.body["key"],
            "answer": choice.mode,
            "because": choice.because,
            "decision": decision.id,
        },
        index=0,
    )
    return Asked((told,), rows)


def _room(moment: Moment, choice: Choice, request: Signal) -> tuple[Reservation, ...]:
    """What changes on the ledger: room this answer takes, and gives back of what an earlier one took."""
    taken = reservations(moment, choice.chosen) if choice.mode == "allow" else ()
    wanted = {row.id for row in taken}
    held = {row.id: row for row in held_rows(moment, request.id)}
    freed = (msgspec.structs.replace(row, state="released") for row in held.values() if row.id not in wanted)
    return (*(row for row in taken if row.id not in held), *freed)


def _alerts(moment: Moment, choice: Choice, decision: Decision, first: int) -> tuple[Effect, ...]:
    """One alert to a human by the step that pauses a play."""
    names = sorted(
        {
            option.candidate.play
            for option in choice.options
            if option.stop is not None and option.stop.stage == "breaker"
        }
    )
    return tuple(
        _told(
            moment,
            decision,
            connector="helpdesk",
            verb="notify",
            arguments={
                "title": f"play {name} is paused",
                "text": f"play {name} chose far more candidates this hour than usual; resume it by hand",
                "play": name,
            },
            index=first + number,
        )
        for number, name in enumerate(names)
        if not paused(moment.context, name)
    )


def _told(
    moment: Moment,
    decision: Decision,
    *,
    connector: str,
    verb: str,
    arguments: dict[str, object],
    index: int,
) -> Effect:
    """An internal message to a tool or a human; it bypasses scores and the kill switch."""
    return Effect(
        id=derive("effect", moment.signal.id, str(index)),
        decision_id=decision.id,
        signal_id=moment.signal.id,
        index=index,
        connector=connector,
        verb=verb,
        effect_class="K",
        arguments=arguments,
        not_before=moment.now,
        deadline_at=Instant(moment.now + TOLD_IN_S * SECOND),
        subject=moment.known.subject,
        action=verb,
        purpose="mandatory",
        profile_id=moment.known.profile_id,
        account_id=moment.context.account_id,
    )
