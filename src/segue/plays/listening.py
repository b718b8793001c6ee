"""Listening: which plays a signal wakes."""

from typing import Final

from segue.core.expr import Lookup, matches_permitting
from segue.core.records.percepts import Percept
from segue.core.records.playbook import Listener, Play, Playbook
from segue.core.records.signals import Kind, Signal
from segue.core.units import SECOND, Instant

OPT_OUT: Final = "opt_out"
ANY: Final = "any"
_UNDERSTOOD: Final = frozenset({"accept", "escalate"})
_CHANNEL_OF: Final = {
    Kind.CALL_TRANSCRIBED: "call",
    Kind.MEETING_NOTED: "meeting",
    Kind.FORM_SUBMITTED: "form",
}


def listening(
    signal: Signal, percept: Percept | None, playbook: Playbook, now: Instant, env: Lookup | None = None
) -> tuple[Play, ...]:
    """List the plays that a signal wakes, in the playbook's order.

    Args:
        signal: What happened; a `history` signal and a message that a machine wrote wake nothing.
        percept: What its words mean, if it has any. Intents wake only where the message was understood, a
            wish to be left alone always, and a `message` listener hears abstentions too.
        playbook: The plays.
        now: The step's now; what is older than a listener's `max_age` is not heard.
        env: Facts by name for a listener's `when`; without it every `when` passes, which tells what could
            be woken.
    """
    if signal.history or signal.automatic:
        return ()
    if signal.kind is Kind.TIMER_FIRED:
        again = signal.body.get("timer_kind") == "look_again"
        play = playbook.plays.get(str(signal.body.get("play", ""))) if again else None
        return (play,) if play else ()
    age_s = (now - signal.occurred_at) // SECOND
    return _hearing(signal, percept, playbook, age_s, env)


def too_late(
    signal: Signal, percept: Percept | None, playbook: Playbook, now: Instant, env: Lookup
) -> tuple[tuple[Play, int], ...]:
    """List the plays that a customer's message would have woken in time, with the age they hear up to.

    Returns:
        (play, longest `max_age_s` among its listeners); empty for other signals and where one is woken.
    """
    age_s = (now - signal.occurred_at) // SECOND
    if signal.history or age_s <= 0 or _channel(signal) is None:
        return ()
    if _hearing(signal, percept, playbook, age_s, env):
        return ()
    fresh = _hearing(signal, percept, playbook, 0, env)
    return tuple((play, max(one.max_age_s for one in play.listen)) for play in fresh)


def _hearing(
    signal: Signal, percept: Percept | None, playbook: Playbook, age_s: int, env: Lookup | None
) -> tuple[Play, ...]:
    heard = _intents(percept)
    return tuple(
        play
        for play in playbook.plays.values()
        if any(_hears(one, signal, heard, age_s, env) for one in play.listen)
    )


def could_wake(play: Play, signal: Signal) -> bool:
    """Whether a signal could wake a play, before its words are read."""
    return any(_kind_fits(listener, signal) for listener in play.listen)


def _hears(listener: Listener, signal: Signal, heard: frozenset[str], age_s: int, env: Lookup | None) -> bool:
    if age_s > listener.max_age_s or not _kind_fits(listener, signal):
        return False
    if listener.trigger == "intent" and not heard & listener.names:
        return False
    return listener.when is None or env is None or matches_permitting(listener.when(env))


def _kind_fits(listener: Listener, signal: Signal) -> bool:
    match listener.trigger:
        case "signal":
            return signal.kind.value in listener.names
        case "detector":
            return signal.kind is Kind.DETECTOR_FIRED and signal.body.get("detector") in listener.names
        case "intent":
            return _channel(signal) is not None or signal.kind is Kind.TICKET_OPENED
        case "message":
            channel = _channel(signal)
            return channel is not None and (channel in listener.names or ANY in listener.names)


def _channel(signal: Signal) -> str | None:
    """Channel of a message of the customer, or None where the signal is none."""
    if signal.kind is Kind.MESSAGE_RECEIVED:
        return str(signal.body.get("channel", ""))
    return _CHANNEL_OF.get(signal.kind)


def _intents(percept: Percept | None) -> frozenset[str]:
    if percept is None:
        return frozenset()
    stop = {OPT_OUT for wish in percept.preferences if wish.kind == "stop"}
    understood = percept.intents if percept.decision in _UNDERSTOOD else ()
    return frozenset({intent.label for intent in understood} | stop)
