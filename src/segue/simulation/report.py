"""The demo's report: what was counted, how long it took, and how each scene and its twin came out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any

from segue.core.encoding import encode
from segue.core.records.decisions import Considered, Decision
from segue.core.records.signals import INTERNAL_KINDS
from segue.simulation.cast import Account, Person
from segue.simulation.scene import CrowdRun, World
from segue.simulation.trail import Trail


@dataclass(frozen=True, slots=True)
class TwinReport:
    """How a twin came out: `expected` was stated before it ran."""

    change: str
    expected: str
    observed: str
    passed: bool


@dataclass(frozen=True, slots=True)
class SceneReport:
    """How a scene came out; `twin` is None where it was not run."""

    number: int
    name: str
    starred: bool
    passed: bool
    evidence: tuple[str, ...]
    missing: str
    twin: TwinReport | None


@dataclass(frozen=True, slots=True)
class DemoReport:
    """Everything the demo has to tell.

    Attributes:
        counts: Numbers by name, some of them broken down.
        timings: Wall-clock seconds by phase.
        decision_hash: Hash over all decisions of the main story, in order.
        stored: True where the demo had been run before and nothing was run now.
    """

    counts: Mapping[str, Any]
    timings: Mapping[str, float]
    scenes: tuple[SceneReport, ...]
    decision_hash: str
    stored: bool = False

    @property
    def passed(self) -> bool:
        """Whether every starred scene passed with its twin."""
        return all(
            scene.passed and (scene.twin is None or scene.twin.passed)
            for scene in self.scenes
            if scene.starred
        )

    def to_json(self) -> dict[str, Any]:
        """The report as JSON values."""
        return {
            "counts": dict(self.counts),
            "timings": dict(self.timings),
            "scenes": [asdict(scene) for scene in self.scenes],
            "decision_hash": self.decision_hash,
            "passed": self.passed,
            "stored": self.stored,
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> "DemoReport":
        """A report that was written down before."""
        scenes = tuple(
            SceneReport(
                **{
                    **scene,
                    "evidence": tuple(scene["evidence"]),
                    "twin": TwinReport(**scene["twin"]) if scene["twin"] else None,
                }
            )
            for scene in found["scenes"]
        )
        return cls(found["counts"], found["timings"], scenes, found["decision_hash"], stored=True)


def counts_of(world: World, cast: Iterable[Person], accounts: Iterable[Account]) -> dict[str, Any]:
    """Count what happened in a run."""
    trail, met, companies = world.trail, list(cast), list(accounts)
    return {
        "people": len(met),
        "accounts": len(companies),
        "countries": sorted({account.country for account in companies}),
        "currencies": sorted({account.currency for account in companies}),
        "brands": sorted({account.brand for account in companies}),
        "signals": _signals(trail),
        "decisions": _tally(decision.mode for decision in trail.decisions),
        "effects": _tally(trail.state(effect) for effect in trail.effects.values()),
        "outcomes": _tally(o.name for o in trail.outcomes.values() if not o.harm),
        "harms": _tally(o.name for o in trail.outcomes.values() if o.harm),
        "held_back": {
            "by_stage": _tally(item.dropped_at for item in _held_back(trail.decisions)),
            "by_rule": _tally(rule for item in _held_back(trail.decisions) for rule in _rules(item)),
        },
        "tools": world.company.counts(),
        "dead_letters": len(trail.dead),
        "second_tenant": _crowd(world.crowd),
    }


def decision_hash(decisions: Iterable[Decision]) -> str:
    """Hash over decisions in order: equal decisions, equal hash."""
    made = blake2b(digest_size=16)
    for decision in decisions:
        made.update(encode(decision) + b"\0")
    return made.hexdigest()


def _signals(trail: Trail) -> dict[str, int]:
    history = sum(signal.history for signal in trail.signals.values())
    own = sum(signal.kind in INTERNAL_KINDS for signal in trail.signals.values())
    return {"history": history, "live": len(trail.signals) - history - own, "internal": own}


def _held_back(decisions: Iterable[Decision]) -> Iterable[Considered]:
    """Candidates that a rule, a cap or a control kept from happening; a better rival is none of these."""
    stopped = {"arm", "kill_switch", "breaker", "policy", "reservation", "draft"}
    return [item for decision in decisions for item in decision.considered if item.dropped_at in stopped]


def _rules(item: Considered) -> set[str]:
    return {match.rule for match in item.verdict.matches if match.then in {"forbid", "defer"}}


def _tally(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def _crowd(run: CrowdRun | None) -> dict[str, Any]:
    return {} if run is None else asdict(run)
