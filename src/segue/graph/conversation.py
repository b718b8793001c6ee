"""What was said: messages of every channel, and the touches they were."""

from collections.abc import Iterator
from typing import Literal

from segue.core.ids import derive
from segue.core.ports import DEAD_ADDRESS
from segue.core.records.context import Context, LedgerRow
from segue.core.records.memory import Exposure, Fact, Message
from segue.core.records.signals import Kind
from segue.core.turns import Turn, turns
from segue.graph.memory import Arrival, Memory
from segue.graph.owning import writing

UNDELIVERABLE = "undeliverable"
"""Predicate of an address that takes no messages any more; the channel is its qualifier."""

LINKING = "linking_code"
"""Predicate of what became of the last linking code that a number brought."""

PURPOSES = ("commercial", "service", "mandatory", "internal")
_STATES = ("delivered", "sent", "failed", "unknown", "cancelled")
_SPOKEN: dict[Kind, Literal["call", "meeting"]] = {
    Kind.CALL_TRANSCRIBED: "call",
    Kind.MEETING_NOTED: "meeting",
}


def received(arrival: Arrival) -> Memory:
    """A message of the customer."""
    body = arrival.body
    messages = (arrival.message_in(body.channel(), body.text("text")),)
    return Memory(messages=messages, facts=_of_code(arrival))


def _of_code(arrival: Arrival) -> tuple[Fact, ...]:
    """What became of a linking code; the number it came from is proven to be the person's."""
    found = arrival.context.links.handshake
    if found is None:
        return ()
    subject = f"profile:{arrival.profile_id}"
    kept = arrival.fact(subject, LINKING, found.state)
    if found.state != "joined":
        return (kept,)
    named = (item.partition(":") for item in arrival.signal.person_identifiers)
    numbers = tuple(value for namespace, _, value in named if namespace == "phone")
    return (kept, *(arrival.fact(subject, "phone", number) for number in numbers[:1]))


def sent(arrival: Arrival) -> Memory:
    """Somebody other than Segue touched the person; without a text only the touch is known."""
    body, signal = arrival.body, arrival.signal
    channel, by = body.channel(), body.text("by")
    purpose = body.choice("purpose", PURPOSES, "service" if by.startswith("rep:") else "commercial")
    text = body.optional("text")
    touch = Exposure(
        id=derive("exposure", signal.id),
        profile_id=arrival.profile_id,
        at=arrival.at,
        channel=channel,
        purpose=purpose,
        by=by,
        signal_id=signal.id,
        account_id=arrival.context.account_id,
        brand=body.optional("brand"),
        campaign=body.optional("campaign"),
        arm=arm_of(arrival.context),
    )
    messages = (arrival.message(channel, text, by=by),) if text else ()
    return Memory(facts=tuple(writing(arrival, by)), messages=messages, exposures=(touch,))


def bounced(arrival: Arrival) -> Memory:
    """A message came back; where it came back for good, the address it went to is known to be dead."""
    channel, effect_id = arrival.body.channel(), arrival.body.optional("effect")
    severity = arrival.body.choice("severity", ("hard", "soft"), "soft")
    row = next((row for row in arrival.context.ledger if row.effect.id == effect_id), None)
    if severity != "hard" or row is None or row.effect.channel != channel:
        return Memory()
    return _dead(arrival, row)


def spoken(arrival: Arrival) -> Memory:
    """A call or a meeting, turn by turn; a note that names no speaker is remembered as one."""
    channel = _SPOKEN[arrival.signal.kind]
    thread = arrival.body.optional("thread")
    return Memory(
        messages=tuple(
            arrival.message(channel, text, by=speaker, thread=thread, n=n)
            for n, (speaker, text) in enumerate(_turns(arrival))
        )
    )


def _turns(arrival: Arrival) -> Iterator[tuple[str, str]]:
    body = arrival.body
    text = body.optional("text")
    if text and "turns" not in arrival.signal.body:
        yield from turns(text, (body.optional("customer"),)) or (Turn("note", text),)
        return
    for n, turn in enumerate(body.records("turns")):
        speaker, said = turn.get("speaker"), turn.get("text")
        if not isinstance(speaker, str) or not speaker:
            raise body.error(f"turns[{n}].speaker", "must be text")
        if not isinstance(said, str):
            raise body.error(f"turns[{n}].text", "must be text")
        yield speaker, said


def form(arrival: Arrival) -> Memory:
    """A form: its free text is a message."""
    text = arrival.body.optional("text")
    return Memory(messages=(arrival.message_in("form", text),) if text else ())


def settled(arrival: Arrival) -> Memory:
    """An effect of Segue's own reached the person: a message and a touch, once for `sent` and `delivered`."""
    body, context = arrival.body, arrival.context
    effect_id, state = body.text("effect"), body.choice("state", _STATES)
    row = next((row for row in context.ledger if row.effect.id == effect_id), None)
    if row is None or not _reaches_a_person(row):
        return Memory()
    if state == "failed" and body.optional("detail").startswith(DEAD_ADDRESS):
        return _dead(arrival, row)
    if state not in {"sent", "delivered"}:
        return Memory()
    if any(touch.effect_id == effect_id for touch in context.exposures):
        return Memory()
    text = str(row.effect.arguments.get("text", ""))
    messages = (_own_message(arrival, row, text),) if text else ()
    return Memory(messages=messages, exposures=(_own_touch(arrival, row),))


def _dead(arrival: Arrival, row: LedgerRow) -> Memory:
    """The address an effect went to takes no messages any more."""
    effect, address = row.effect, row.effect.arguments.get("to")
    if not isinstance(address, str) or not effect.profile_id:
        return Memory()
    subject = f"profile:{effect.profile_id}"
    return Memory(facts=(arrival.fact(subject, UNDELIVERABLE, address, qualifier=effect.channel),))


def arm_of(context: Context) -> str:
    """The arm the lane's unit is in: the earliest assignment wins; empty where there is none."""
    first = min(context.arms, key=lambda arm: (arm.at, arm.unit), default=None)
    return first.name if first else ""


def _reaches_a_person(row: LedgerRow) -> bool:
    effect = row.effect
    return bool(effect.channel and effect.profile_id) and effect.purpose != "internal"


def _own_message(arrival: Arrival, row: LedgerRow, text: str) -> Message:
    effect = row.effect
    return Message(
        id=derive(effect.id, "0"),
        thread=_own_thread(arrival.context, row),
        profile_id=effect.profile_id,
        channel=effect.channel,
        direction="out",
        by="segue",
        text=text,
        at=arrival.at,
        signal_id=arrival.signal.id,
        brand=effect.brand,
        subject=str(effect.arguments.get("subject", "")),
        reference=arrival.body.optional("reference"),
    )


def _own_thread(context: Context, row: LedgerRow) -> str:
    """The thread of that name, else the one the person last used on the channel, else a new one.

    A mail that answers none begins a thread of its own, named by its effect: the answers to it say so.
    """
    effect = row.effect
    key = str(effect.arguments.get("thread", ""))
    if not key and effect.channel == "email":
        key = effect.id
    if key:
        return derive("thread", effect.channel, key)
    same = (item.thread for item in context.messages if item.channel == effect.channel)
    return next(same, derive("thread", effect.channel, effect.profile_id))


def committed(arrival: Arrival) -> Memory:
    """Another tool sent what the gate allowed; a commit of a request nobody knows tells nothing."""
    return sent(arrival) if arrival.body.has("channel") else Memory()


def _own_touch(arrival: Arrival, row: LedgerRow) -> Exposure:
    effect = row.effect
    return Exposure(
        id=derive("exposure", effect.id),
        profile_id=effect.profile_id,
        at=arrival.at,
        channel=effect.channel,
        purpose=effect.purpose,
        by="segue",
        signal_id=arrival.signal.id,
        account_id=effect.account_id,
        brand=effect.brand,
        effect_id=effect.id,
        arm=arm_of(arrival.context),
    )
