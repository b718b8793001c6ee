"""Ledger: what a settled effect, a gate's commit or another tool's touch does to reservations."""

from collections.abc import Collection

import msgspec

from segue.core.ids import derive
from segue.core.records.context import Context
from segue.core.records.decisions import Candidate
from segue.core.records.effects import Reservation
from segue.core.records.signals import Kind, Signal
from segue.planner.options import Moment, Option
from segue.planner.reserve import touch

_OF_EFFECTS = frozenset({Kind.EFFECT_SETTLED, Kind.EFFECT_REFUSED})


def settled(moment: Moment) -> tuple[Reservation, ...]:
    """Reservations whose state the signal changes: used when it happened, released when it did not."""
    match moment.signal.kind:
        case Kind.EFFECT_SETTLED | Kind.EFFECT_REFUSED:
            return _by_effect(moment)
        case Kind.GATE_COMMITTED:
            return _by_gate(moment, "used") or _by_touch(moment)
        case Kind.GATE_RELEASED:
            return _by_gate(moment, "released")
        case Kind.MESSAGE_SENT:
            return _by_touch(moment)
        case _:
            return ()


def given_back(context: Context, signal: Signal) -> Context:
    """The context without what an effect gives back that did not happen: what comes instead has its room."""
    if signal.kind not in _OF_EFFECTS or _becomes(signal) != "released":
        return context
    return without(context, _of_effect(context, signal))


def without(context: Context, ids: Collection[str]) -> Context:
    """The context without what is set aside by these reservations."""
    freed = [row for row in context.reservations if row.id in ids and row.state == "held"]
    if not freed:
        return context
    totals = dict(context.totals)
    for row in freed:
        if (total := totals.get(row.key)) is not None:
            totals[row.key] = msgspec.structs.replace(total, amount=total.amount - row.amount)
    kept = tuple(row for row in context.reservations if row not in freed)
    return msgspec.structs.replace(context, reservations=kept, totals=totals)


def _by_effect(moment: Moment) -> tuple[Reservation, ...]:
    state = _becomes(moment.signal)
    return _moved(moment, _of_effect(moment.known, moment.signal), state) if state else ()


def _becomes(signal: Signal) -> str:
    """What becomes of an effect's reservations; nothing while nobody knows whether it happened."""
    if signal.kind is Kind.EFFECT_REFUSED:
        return "released"
    match signal.body["state"]:
        case "delivered" | "sent":
            return "used"
        case "failed" | "cancelled":
            return "released"
        case _:
            return ""


def _of_effect(context: Context, signal: Signal) -> set[str]:
    rows = (row for row in context.ledger if row.effect.id == signal.body["effect"])
    return {reservation for row in rows for reservation in row.effect.reservations}


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
        for row in moment.known.reservations
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
