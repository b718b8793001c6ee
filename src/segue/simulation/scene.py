"""A scene: what happens in it, how it is judged from journal and sandbox, and the twin that proves it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from segue.simulation.cast import Person
from segue.simulation.company import Company
from segue.simulation.happening import Happening
from segue.simulation.trail import Trail


@dataclass(frozen=True, slots=True)
class World:
    """A finished run as a judge sees it.

    Attributes:
        trail: Its journal.
        company: The company's own tools.
        home: The files on disk.
        crowd: What the second tenant's run came to, where it was run.
    """

    trail: Trail
    company: Company
    home: Path
    crowd: "CrowdRun | None" = None

    def sent_by_tool(self, person: Person, campaign: str) -> list[int]:
        """When the automation tool sent a campaign to a person."""
        return self.company.sent_by_tool(person, campaign)

    def tickets(self, person: Person) -> list[dict[str, Any]]:
        """Tickets in the helpdesk that Segue opened for a person."""
        return self.company.tickets(person)


@dataclass(frozen=True, slots=True)
class CrowdRun:
    """What the run of the second tenant came to, in numbers.

    Attributes:
        hit: Accounts whose health the sync bug set to 0.
        chosen: Candidates of the play that were chosen, before any approval.
        stopped: Decisions at which the breaker stopped the play.
        alerts: Alerts a human got.
        paused: Decision that paused the play, or empty.
    """

    accounts: int
    signals: int
    hit: int
    chosen: int
    stopped: int
    alerts: int
    paused: str


@dataclass(slots=True)
class Findings:
    """What a judge found: short true sentences, and what is missing."""

    evidence: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def expect(self, held: object, sentence: str, otherwise: str) -> bool:
        """Note a sentence that holds, or what is missing where it does not."""
        (self.evidence if held else self.missing).append(sentence if held else otherwise)
        return bool(held)

    @property
    def passed(self) -> bool:
        """Whether something was found and nothing is missing."""
        return bool(self.evidence) and not self.missing


@dataclass(frozen=True, slots=True)
class Twin:
    """The same scene with exactly one input changed.

    Attributes:
        change: Which input, in words.
        expected: What `observe` must say then; stated before the run.
        observe: Says in a few words what the scene is about in a finished run.
        settings: The playbook setting that is changed, where the input is one.
        facts: Facts of an account that the CRM tells differently, by account key, where the input is one.
        moves: Person key to the account the CRM lists them at, where that is the input.
        hit: Accounts of the second tenant that the sync bug hits, where that is the input.
    """

    change: str
    expected: str
    observe: Callable[[World], str]
    settings: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    moves: Mapping[str, str] = field(default_factory=dict)
    hit: int = 0


class Events(Protocol):
    """Tells what happens in a scene, or in its twin."""

    def __call__(self, *, change: bool) -> list[Happening]:
        """Everything that happens, on its date."""
        ...


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene of the story.

    Attributes:
        accounts: Keys of the accounts it needs; its twin runs with these alone.
        events: What happens; with `change` it makes the twin's one change, where that is an event.
        judge: Computes what was found; None where nothing of the scene is there yet.
        twin: None where there is no judge.
        waits_for: What it still waits for, where it does; it cannot pass before.
        usage_until: Last day of daily usage in the twin; empty: it needs none.
    """

    number: int
    name: str
    starred: bool = False
    accounts: Sequence[str] = ()
    events: Events | None = None
    judge: Callable[[World], Findings] | None = None
    twin: Twin | None = None
    waits_for: str = ""
    usage_until: str = ""
