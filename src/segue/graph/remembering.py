"""One function per kind of signal says what it adds to memory; this is the table of them."""

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from segue.core.records.context import Context
from segue.core.records.heard import carried
from segue.core.records.memory import Fact, Links
from segue.core.records.percepts import Percept
from segue.core.records.playbook import Playbook
from segue.core.records.signals import ACCOUNT_NAMESPACES, Kind, Signal
from segue.graph import conversation, owning, results, systems
from segue.graph.addresses import claimed_addresses
from segue.graph.bodies import Body
from segue.graph.correcting import corrected
from segue.graph.memory import Arrival, Memory
from segue.graph.perceived import feelings, felt_and_wished

BY_KIND: Mapping[Kind, Callable[[Arrival], Memory]] = {
    Kind.MESSAGE_RECEIVED: conversation.received,
    Kind.MESSAGE_SENT: conversation.sent,
    Kind.MESSAGE_BOUNCED: conversation.bounced,
    Kind.CALL_TRANSCRIBED: conversation.spoken,
    Kind.MEETING_NOTED: conversation.spoken,
    Kind.FORM_SUBMITTED: conversation.form,
    Kind.EFFECT_SETTLED: conversation.settled,
    Kind.GATE_COMMITTED: conversation.committed,
    Kind.PAGE_VIEWED: results.page,
    Kind.LINK_CLICKED: results.link,
    Kind.USAGE_RECORDED: results.usage,
    Kind.EVENT_TRACKED: results.event,
    Kind.OUTCOME_REACHED: results.outcome,
    Kind.PROFILE_UPDATED: systems.profile_updated,
    Kind.ACCOUNT_UPDATED: systems.account_updated,
    Kind.TICKET_OPENED: systems.ticket_opened,
    Kind.TICKET_SOLVED: systems.ticket_solved,
    Kind.MEETING_BOOKED: systems.meeting_set,
    Kind.MEETING_MOVED: systems.meeting_set,
    Kind.MEETING_CANCELLED: systems.meeting_cancelled,
    Kind.CONSENT_CHANGED: systems.consent_changed,
    Kind.CONVERSATION_CLAIMED: owning.claimed,
    Kind.CONVERSATION_RELEASED: owning.released,
    Kind.CONVERSATION_HELD: owning.held,
    Kind.CONTROL_CHANGED: systems.control_changed,
    Kind.MEMORY_CORRECTED: corrected,
}
"""Kinds that are not here add nothing but a count of themselves."""


def felt_again(signal: Signal, context: Context, playbook: Playbook) -> tuple[Fact, ...]:
    """Mood and sentiment that a second reading found in the message it carries, as of when it was written."""
    heard = carried(signal)
    if heard is None or heard.percept is None or not context.profile_id:
        return ()
    said = replace(heard.signal, id=signal.id)
    return feelings(Arrival(said, heard.percept, context, playbook, Body(said)), heard.percept)


def remember(signal: Signal, percept: Percept | None, context: Context, playbook: Playbook) -> Memory:
    """What a signal adds to memory.

    Args:
        signal: What happened.
        percept: What its text means, if it has one.
        context: What was known before, with the signal's links already applied.
        playbook: Declares which facts are stored and which outcomes count.

    Raises:
        SignalError: A field of the body is missing or has the wrong shape; the message names it.
    """
    arrival = Arrival(signal, percept, context, playbook, Body(signal))
    told = BY_KIND.get(signal.kind)
    memory = told(arrival) if told else Memory()
    return replace(
        memory,
        facts=(*memory.facts, *felt_and_wished(arrival), *claimed_addresses(arrival, memory.facts)),
        counts=memory.counts + results.counted_kind(arrival),
    )


def read_body(signal: Signal, playbook: Playbook) -> None:
    """Read a signal's body as it will be when it is taken up, for somebody of whom nothing is known.

    Raises:
        SignalError: It will become a dead letter whoever it is about; the message names the field.
    """
    told = BY_KIND.get(signal.kind)
    if told is None:
        return
    named = any(item.partition(":")[0] not in ACCOUNT_NAMESPACES for item in signal.identifiers)
    profile, now = ("nobody" if named else ""), signal.received_at
    nobody = Context(now, 0, "", Links(), profile_id=profile, account_id="nobody")
    told(Arrival(signal, None, nobody, playbook, Body(signal)))
