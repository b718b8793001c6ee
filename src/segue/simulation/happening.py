"""What happens in the story besides signals: people approve, tools send, connectors break; all on a date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from segue.core.records.signals import NewSignal


@dataclass(frozen=True, slots=True)
class Submit:
    """Tools tell what happened."""

    at: datetime
    signals: tuple[NewSignal, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A human goes through the drafts that wait for a person and gives or rejects them.

    Attributes:
        person: Key of the cast member the draft is about.
        by: Who approves, for example `rep:anna`.
        play: Only drafts of this play, if given.
        reason: Why they are rejected; empty: they are approved.
    """

    at: datetime
    person: str
    by: str
    play: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Campaign:
    """The automation tool's own message to somebody is due; it asks the gate first.

    Attributes:
        person: Key of the cast member.
        key: The tool's own id of the send.
    """

    at: datetime
    person: str
    key: str
    campaign: str
    subject: str
    text: str
    channel: str = "email"
    purpose: Literal["commercial", "service", "mandatory"] = "commercial"
    hold: bool = True


@dataclass(frozen=True, slots=True)
class Fault:
    """A tool of the company misbehaves for its next calls.

    Attributes:
        connector: Which one.
        kind: What goes wrong with each call.
        times: How many calls.
        seconds: How slow it is, or after how long it may be asked again.
    """

    at: datetime
    connector: str
    kind: Literal["slow", "fail", "lose_reply"]
    times: int = 1
    seconds: float = 600.0


@dataclass(frozen=True, slots=True)
class Chat:
    """Somebody writes in the chat of the company's website.

    Attributes:
        person: Key of the cast member.
        vouched: Whether the website signs who is signed in; else the page only claims it.
    """

    at: datetime
    person: str
    text: str
    vouched: bool = True


@dataclass(frozen=True, slots=True)
class CodeBack:
    """The linking code that somebody got in the chat is sent from a phone by WhatsApp.

    Attributes:
        person: Key of the cast member who got it.
        number: The phone it is sent from, theirs or another's.
    """

    at: datetime
    person: str
    number: str


Happening = Submit | Answer | Campaign | Fault | Chat | CodeBack


def submits(signals: Iterable[NewSignal]) -> list[Happening]:
    """One happening for all signals of one moment, in the order of time."""
    moments: dict[datetime, list[NewSignal]] = {}
    for signal in signals:
        moments.setdefault(signal.occurred_at, []).append(signal)
    return [Submit(at, tuple(found)) for at, found in sorted(moments.items())]
