"""What a person said before that answers what they say now: recalled before the step, an input of it."""

from segue.core.ports import Reader
from segue.core.recaller import Recall
from segue.core.records.heard import carried
from segue.core.records.memory import Message
from segue.core.records.signals import Kind, Signal
from segue.core.token_encoder import TokenEncoder

RECALLED = 5
"""How many messages are recalled at most."""

_WORDED = frozenset({"text", "turns"})
_SPOKEN = frozenset({Kind.MESSAGE_RECEIVED, Kind.CALL_TRANSCRIBED, Kind.MEETING_NOTED, Kind.FORM_SUBMITTED})


def has_words(signal: Signal) -> bool:
    """Whether a signal holds what somebody wrote or said."""
    return not _WORDED.isdisjoint(signal.body)


def recalled(reader: Reader, person_id: str, signal: Signal, encoder: TokenEncoder | None = None) -> Recall:
    """Earlier messages that answer a signal's text best; none for history, which never acts."""
    text = signal.body.get("text")
    if signal.history or not person_id or signal.kind not in _SPOKEN or not isinstance(text, str):
        return Recall()
    return reader.recall(person_id, text, RECALLED, encoder)


def recalled_for(reader: Reader, signal: Signal) -> tuple[tuple[Message, int], ...]:
    """What was recalled for a signal, or for the message that it carries or follows from."""
    if signal.history:
        return ()
    if signal.kind in _SPOKEN:
        return reader.recalled(signal.id).found
    heard = carried(signal)
    if heard is not None:
        return reader.recalled(heard.signal.id).found
    follows = signal.kind is Kind.DETECTOR_FIRED and "text" in signal.body
    return reader.recalled(signal.trigger).found if follows else ()
