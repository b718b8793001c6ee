"""A percept on its words: the message with everything that was read in it marked, numbered and explained."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from segue.console.settings import PageSettings
from segue.console.veil import Veil
from segue.console.wording import share, value, words
from segue.core.ports import Reader
from segue.core.predicates import predicate_of
from segue.core.records.heard import carried, is_read_again
from segue.core.records.percepts import EMOTIONS, Percept
from segue.core.records.signals import Kind, Signal
from segue.perception import READ_AT_MOST, text_of

_NO_UNITS = PageSettings()
_STRONGEST = 5
_AS_WRITTEN = frozenset({Kind.MESSAGE_RECEIVED, Kind.FORM_SUBMITTED})
"""Kinds whose offsets are those of the text itself, with what is not the customer's blanked."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that was read, at `start` to `end` of the words.

    Attributes:
        number: Ties the words to their explanation.
        sort: `intent`, `wish`, `promise`, `question` or `named`.
        name: What it is.
        detail: What is told of it: a value, a time, an answer's name.
        p: Its chance, or empty.
        evidence: The nearest example, or empty.
    """

    number: int
    sort: str
    name: str
    start: int
    end: int
    detail: str = ""
    p: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the words.

    Attributes:
        text: As it is shown; where `hidden` is set, the kind of data that stands there.
        marks: What was read in it.
        ends: What was read that ends here.
        read: Whether it was read at all: quoted mail and signatures are not.
    """

    text: str
    marks: tuple[Mark, ...]
    ends: tuple[Mark, ...]
    hidden: bool = False
    read: bool = True

    @property
    def sorts(self) -> str:
        """Classes for a page."""
        return " ".join(dict.fromkeys(mark.sort for mark in self.marks))


@dataclass(frozen=True, slots=True)
class Meaning:
    """A percept on its words.

    Attributes:
        pieces: The words, in order.
        marks: Everything that was read, in order.
        emotions: Names and shares of the five strongest.
        why: Why it was understood, asked back about, or handed to a human.
        again: Whether a language model read it too.
    """

    signal: Signal
    percept: Percept
    pieces: tuple[Piece, ...]
    marks: tuple[Mark, ...]
    emotions: tuple[tuple[str, int], ...]
    why: str
    again: bool


def meaning(reader: Reader, signal: Signal, veil: Veil, settings: PageSettings = _NO_UNITS) -> Meaning | None:
    """Prepare the percept of a signal, or of the message it carries; None where it has no words."""
    heard = carried(signal)
    message = heard.signal if heard is not None else signal
    percept = percept_of(reader, signal)
    own = text_of(message)
    if percept is None or not own.strip():
        return None
    text = (
        str(message.body.get("text", ""))[: max(READ_AT_MOST, len(own))]
        if message.kind in _AS_WRITTEN
        else own
    )
    marks = tuple(_numbered(percept, len(text), veil, settings))
    strongest = sorted(zip(EMOTIONS, percept.emotions, strict=False), key=lambda one: (-one[1], one[0]))
    return Meaning(
        signal=message,
        percept=percept,
        pieces=tuple(_pieces(text, own, marks, _hidden(text, percept, veil))),
        marks=marks,
        emotions=tuple(strongest[:_STRONGEST]),
        why=why(percept),
        again=is_read_again(signal),
    )


def percept_of(reader: Reader, signal: Signal) -> Percept | None:
    """What the words of a signal mean, or of the message it carries."""
    heard = carried(signal)
    return heard.percept if heard is not None else reader.percept(signal.id)


def why(percept: Percept) -> str:
    """Why a message was understood or not.

    >>> why(Percept("m", "escalate", risk=("legal_threat",)))
    'it holds a high risk: legal threat'
    """
    match percept.decision:
        case "escalate" if percept.risk:
            return f"it holds a high risk: {', '.join(words(name) for name in percept.risk)}"
        case "escalate":
            return "it is angry, and was not understood well enough to answer an angry person"
        case "ask" if percept.left_out:
            return "it is too long to be read whole, and what its middle says is not known"
        case "ask":
            foreign = f" in `{percept.language}`" if percept.language not in {"", "en"} else ""
            return f"nothing in it{foreign} was sure enough to act on"
        case "none":
            return "nobody was asked anything in it"
        case _:
            told = (
                ("intent", len(percept.intents)),
                ("wish", len(percept.preferences)),
                ("promise", len(percept.promises)),
                ("answered question", sum(bool(one.answer) for one in percept.questions)),
            )
            found = [f"{count} {name}{'' if count == 1 else _plural(name)}" for name, count in told if count]
            return f"read in it: {', '.join(found)}"


def _plural(name: str) -> str:
    return "es" if name.endswith("sh") else "s"


def _numbered(percept: Percept, length: int, veil: Veil, settings: PageSettings) -> Iterator[Mark]:
    """Everything that has a place in the words, in order, and after it what was said by the whole."""
    found = sorted(
        _marks(percept, veil, settings), key=lambda mark: (mark.end == 0, mark.start, -mark.end, mark.sort)
    )
    for number, mark in enumerate(found, start=1):
        fits = 0 <= mark.start < mark.end <= length
        start, end = (mark.start, mark.end) if fits else (0, 0)
        yield Mark(number, mark.sort, mark.name, start, end, mark.detail, mark.p, mark.evidence)


def _marks(percept: Percept, veil: Veil, settings: PageSettings) -> Iterator[Mark]:
    for intent in percept.intents:
        nearest = veil.text(intent.nearest)
        yield Mark(
            0, "intent", words(intent.label), intent.start, intent.end, "", share(intent.p_ppm), nearest
        )
    for wish in percept.preferences:
        wanted = veil.text(value(wish.kind, wish.value, settings))
        yield Mark(0, "wish", words(wish.kind), wish.start, wish.end, wanted)
    for promise in percept.promises:
        said = f"{promise.who} will {promise.what}"
        yield Mark(0, "promise", said, promise.start, promise.end, promise.due)
    for asked in percept.questions:
        told = words(asked.answer) if asked.answer else "no approved answer fits"
        yield Mark(0, "question", "question", asked.start, asked.end, told, share(asked.score_ppm))
    for entity in percept.entities:
        yield Mark(0, "named", words(entity.kind), entity.start, entity.end, veil.text(entity.value))
    for stated in percept.told:
        shown = "" if predicate_of(stated.kind).sensitive else veil.text(str(stated.value))
        told = f"no longer {shown}" if stated.ended else shown
        yield Mark(0, "named", predicate_of(stated.kind).title, stated.start, stated.end, told)


def _hidden(text: str, percept: Percept, veil: Veil) -> list[tuple[int, int, str]]:
    """Stretches that hold personal data, by the veil and by the percept, what overlaps joined."""
    if veil.is_open:
        return []
    known = [(span.start, span.end, span.kind) for span in percept.pii if span.end <= len(text)]
    joined: list[tuple[int, int, str]] = []
    for start, end, kind in sorted([*veil.extents(text), *known], key=lambda one: (one[0], -one[1], one[2])):
        if joined and start < joined[-1][1]:
            first, last, name = joined[-1]
            joined[-1] = (first, max(last, end), name)
        elif start < end:
            joined.append((start, end, kind))
    return joined


def _pieces(
    text: str, own: str, marks: Sequence[Mark], hidden: Sequence[tuple[int, int, str]]
) -> Iterator[Piece]:
    """The words cut where something begins or ends; never inside of what is hidden."""
    cuts = {0, len(text), *(at for start, end, _ in hidden for at in (start, end))}
    cuts |= {at for mark in marks for at in (mark.start, mark.end)} | set(_unread(text, own))
    cuts = {at for at in cuts if not any(start < at < end for start, end, _ in hidden)}
    places = {start: kind for start, _, kind in hidden}
    ordered = sorted(cuts)
    for start, end in pairwise(ordered):
        there = tuple(mark for mark in marks if mark.start < end and start < mark.end)
        ends = tuple(mark for mark in there if mark.end <= end)
        kind = places.get(start, "")
        is_read = own[start:end].strip() != "" or text[start:end].strip() == ""
        yield Piece(kind or text[start:end], there, ends, bool(kind), is_read)


def _unread(text: str, own: str) -> Iterator[int]:
    """Where the customer's own words begin and end: what was not read is blanked in `own`."""
    was_read = True
    for at, (shown, kept) in enumerate(zip(text, own, strict=False)):
        is_read = was_read if shown.isspace() else shown == kept
        if is_read != was_read:
            yield at
            was_read = is_read
