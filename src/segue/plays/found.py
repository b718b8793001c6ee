"""What detectors find: findings that become derived signals, and wake-ups that become timers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from segue.core.records.memory import Fact
from segue.core.units import Instant


@dataclass(frozen=True, slots=True)
class Fired:
    """A detector found something; it becomes a `detector.fired` signal in the same lane.

    Attributes:
        numbers: What it saw, for the body of the signal and the receipt.
        subject: `account:ID` or `profile:ID`.
        facts: What to remember of it, so that it does not fire again too soon.
    """

    detector: str
    numbers: Mapping[str, int]
    subject: str
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class TimerSet:
    """A wake-up; one of each kind, detector and subject, so that setting it again replaces it."""

    kind: Literal["absence", "date", "silence"]
    detector: str
    subject: str
    due_at: Instant
    body: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Detected:
    """Everything the detectors make of one signal."""

    fired: tuple[Fired, ...] = ()
    timers: tuple[TimerSet, ...] = ()

    def __add__(self, other: "Detected") -> "Detected":
        return Detected(self.fired + other.fired, self.timers + other.timers)
