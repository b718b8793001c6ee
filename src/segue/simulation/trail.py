"""The trail: the journal of a run, read on from the log as it grows, and the questions scenes ask of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from segue.core.ports import LogRow
from segue.core.records.decisions import Considered, Decision
from segue.core.records.effects import Approval, Attempt, Effect
from segue.core.records.events import Attempted, DeadLettered, Perceived, Received, Stepped
from segue.core.records.memory import Outcome
from segue.core.records.signals import Kind, Signal
from segue.simulation.cast import Account, Person


@dataclass(slots=True)
class Trail:
    """Everything that was recorded, by what it is."""

    signals: dict[str, Signal] = field(default_factory=dict)
    steps: dict[str, Stepped] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)
    effects: dict[str, Effect] = field(default_factory=dict)
    attempts: dict[str, list[Attempt]] = field(default_factory=dict)
    approvals: dict[str, Approval] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    recalled: dict[str, tuple[str, ...]] = field(default_factory=dict)
    dead: list[DeadLettered] = field(default_factory=list)
    position: int = 0
    _sent: list["Sent"] = field(default_factory=list)
    _by_identifier: dict[str, set[str]] = field(default_factory=dict)
    _by_account: dict[str, str] = field(default_factory=dict)

    def read_on(self, rows: Iterable[LogRow]) -> list[Decision]:
        """Read the next events of a log, in order; returns the decisions among them."""
        known = len(self.decisions)
        for row in rows:
            self.position = row.seq
            match row.event:
                case Received():
                    self.signals[row.event.signal.id] = row.event.signal
                case Perceived() if row.event.recalled:
                    self.recalled[row.event.signal_id] = tuple(one.message_id for one in row.event.recalled)
                case Stepped():
                    self._step(row.event)
                case Attempted():
                    self._attempt(row.event.attempt)
                case DeadLettered():
                    self.dead.append(row.event)
                case _:
                    pass
        return self.decisions[known:]

    def _attempt(self, attempt: Attempt) -> None:
        rows = self.attempts.setdefault(attempt.effect_id, [])
        rows[:] = [row for row in rows if row.number != attempt.number] + [attempt]
        if attempt.state in {"sent", "delivered"}:
            at = attempt.ended_at or attempt.started_at
            self._sent.append(Sent(self.effects[attempt.effect_id], at))

    def _step(self, step: Stepped) -> None:
        self.steps[step.signal_id] = step
        self.signals.update({signal.id: signal for signal in step.derived})
        self.decisions += [step.decision] if step.decision else []
        self.effects.update({effect.id: effect for effect in step.effects})
        self.approvals.update({approval.id: approval for approval in step.approvals})
        self.outcomes.update({outcome.id: outcome for outcome in step.outcomes})
        signal = self.signals[step.signal_id]
        if step.profile_id:
            for identifier in signal.person_identifiers:
                self._by_identifier.setdefault(identifier, set()).add(step.profile_id)
        if signal.account_identifier:
            self._by_account[signal.account_identifier] = step.account_id

    def profiles(self, person: Person) -> set[str]:
        """Ids of every profile a member of the cast was met under."""
        return {p for item in person.identifiers for p in self._by_identifier.get(item, ())}

    def account_id(self, account: Account) -> str:
        """Id of an account of the cast, or empty when it was never met."""
        return self._by_account.get(account.identifier, "")

    def of(self, person: Person, *, since: int = 0, until: int | None = None) -> list[Decision]:
        """Decisions about a person, in order."""
        mine = self.profiles(person)
        return [
            d
            for d in self.decisions
            if (d.profile_id in mine or d.person_id in mine)
            and since <= d.at
            and (until is None or d.at < until)
        ]

    def sends(self, person: Person, *, since: int = 0, until: int | None = None) -> list["Sent"]:
        """Segue's own messages to a person that went out, in order of time; internal ones left out."""
        found = [sent for sent in self._sent if sent.effect.profile_id in self.profiles(person)]
        return [s for s in found if s.effect.channel and since <= s.at and (until is None or s.at < until)]

    def sent_since(self, number: int) -> list["Sent"]:
        """What was carried out after the first `number`, in the order in which the ledger was told."""
        return self._sent[number:]

    def asked(self, person: Person) -> list[Effect]:
        """Every effect that was decided for a person, whatever became of it, in order."""
        mine = self.profiles(person)
        return [effect for effect in self.effects.values() if effect.profile_id in mine]

    def state(self, effect: Effect) -> str:
        """Ledger state of an effect at the end of the run."""
        rows = self.attempts.get(effect.id, [])
        last = rows[-1].state if rows else ""
        return "pending" if last in {"", "retry"} else last

    def fired(self, detector: str = "", account: Account | None = None) -> list[Signal]:
        """Signals of detectors, of one account if given."""
        wanted = self.account_id(account) if account else ""
        return [
            signal
            for signal in self.signals.values()
            if signal.kind is Kind.DETECTOR_FIRED
            and (not detector or signal.body.get("detector") == detector)
            and (not account or self.steps[signal.id].account_id == wanted)
        ]


@dataclass(frozen=True, slots=True)
class Sent:
    """An effect and when it was carried out."""

    effect: Effect
    at: int


def dropped(decision: Decision, action: str) -> Considered | None:
    """How an action dropped out of a decision, or None where it did not."""
    return next(
        (item for item in decision.considered if item.candidate.action == action and item.dropped_at), None
    )
