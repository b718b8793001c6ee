"""Ledger: what a settled effect, a gate's commit or another tool's touch does to reservations."""

import msgspec

from segue.core.ids import derive
from segue.core.records.decisions import Candidate
from segue.core.records.effects import Reservation
from segue.core.records.signals import Kind
from segue.planner.options import Moment, Option
from segue.planner.reserve import touch


def settled(moment: Moment) -> tuple[Reservation, ...]:
    """Reservations whose state the signal changes: used when it happened, released when it did not."""
    match moment.signal.kind:
        case Kind.EFFECT_SETTLED:
            return _by_effect(moment, str(moment.signal.body["state"]))
        case Kind.EFFECT_REFUSED:
            return _by_effect(moment, "cancelled")
        case Kind.GATE_COMMITTED:
            return _by_gate(moment, "used") or _by_touch(moment)
        case Kind.GATE_RELEASED:
            return _by_gate(moment, "released")
        case Kind.MESSAGE_SENT:
            return _by_touch(moment)
        case _:
            return ()


def _by_effect(moment: Moment, state: str) -> tuple[Reservation, ...]:
    wanted = {
        reservation
        for row in moment.known.ledger
        if row.effect.id == moment.signal.body["effect"]
        for reservation in row.effect.reservations
    }
    if state in {"delivered", "sent"}:
        return _moved(moment, wanted, "used")
    return _moved(moment, wanted, "released") if state in {"failed", "cancelled"} else ()


def _by_gate(moment: Moment, state: str) -> tuple[Reservation, ...]:
    request = moment.house.ids.signal_id(moment.signal.source, str(moment.signal.body["key"]))
    return _moved(moment, {row.id for row in held_rows(moment, request)}, state)


def held_rows(moment: Moment, request_id: str) -> tuple[Reservation, ...]:
    """What is set aside for a gate request."""
    candidate = derive("candidate", request_id, "send")
    return tuple(
        row
        for row in moment.context.reservations
        if row.state == "held" and row.id == derive("reservation", row.key, candidate)
    )


def _moved(moment: Moment, wanted: set[str], state: str) -> tuple[Reservation, ...]:
    name = "used" if state == "used" else "released"
    return tuple(
        msgspec.structs.replace(row, state=name)
        for row in moment.context.reservations
        if row.id in wanted and row.state == "held"
    )


def _by_touch(moment: Moment) -> tuple[Reservation, ...]:
    """Another tool or a rep touched the person: it counts against the caps that count touches by anyone."""
    body = moment.signal.body
    if "channel" not in body:
        return ()
    by = str(body.get("by", ""))
    purpose = str(body.get("purpose") or ("service" if by.startswith("rep:") else "commercial"))
    candidate = Candidate(
        id=derive("candidate", moment.signal.id, "send"),
        action="send",
        purpose=purpose,
        at=moment.now,
        profile_id=moment.context.profile_id,
        channel=str(body["channel"]),
        brand=str(body.get("brand", "")),
        campaign=str(body.get("campaign", "")),
    )
    return touch(moment, Option(candidate, moment.view.bind(candidate=candidate)))
