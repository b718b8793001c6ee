"""Steps: pending signals are decided in lane order, a batch in one transaction.

Nearly every batch goes through, so its steps run bare. Where one trips, the batch is undone and runs again
with each step in a savepoint of its own, so that the one alone is laid aside.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from segue.core.errors import BusyError, ConflictError, IntegrityError, SegueError
from segue.core.ids import derive
from segue.core.ports import Pending, Unit
from segue.core.records.context import TENANT
from segue.core.records.decisions import Decision
from segue.core.records.events import DeadLettered, Perceived, Stepped
from segue.core.records.memory import Recollection
from segue.core.records.percepts import Percept
from segue.core.records.signals import Signal
from segue.runtime.admission import Accepted, Draft
from segue.runtime.inbox import Inbox
from segue.runtime.recalling import has_words, recalled
from segue.runtime.stepping import link_of, step_of
from segue.runtime.tenant import Tenant

BATCH = 256
TAKEN = 64
"""How many pending signals are read at once: a derived signal goes first, and has them read again."""

BATCH_FOR, BATCH_FOR_LONGEST = 20_000, 80_000
"""How long a batch may hold the writer, in microseconds of the clock: short, so that what comes in is soon
acknowledged; doubled while time is too short, so that less of it is spent waiting for the disk.
"""


@dataclass(slots=True)
class Batch:
    """What one transaction handled: ids of signals in order, decisions that fell, signals laid aside.

    Attributes:
        timers: Whether timers were set or cancelled.
        effects: Whether there may be something new to dispatch.
    """

    handled: list[str] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    dead: list[DeadLettered] = field(default_factory=list)
    timers: bool = False
    effects: bool = False

    def add(self, stepped: Stepped) -> None:
        """Count a step."""
        if stepped.decision is not None:
            self.decisions.append(stepped.decision)
        self.timers |= bool(stepped.timers)
        # A control of the tenant, such as the kill switch, may release effects that waited.
        self.effects |= bool(stepped.effects or stepped.effect_changes or stepped.lane == TENANT)


class TrippedError(Exception):
    """A step of a batch that ran bare failed."""


Take = Callable[[Unit, Signal, Batch], Stepped | None]


class Steps:
    """Steps pending signals; synchronous, called by the one writer.

    Lanes need no locks here: the one writer steps one signal at a time, in the order `Reader.pending` gives.
    """

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._hold = BATCH_FOR

    def has_pending(self) -> bool:
        """Whether a signal waits."""
        with self._tenant.store.read() as reader:
            return bool(reader.pending(1, history_share=1))

    def run_batch(self, limit: int = BATCH) -> Batch:
        """Step up to `limit` pending signals and commit.

        Raises:
            StorageError: Nothing was committed; the same signals are pending still.
        """
        if not self.has_pending():
            return Batch()
        try:
            return self._commit(limit, self._bare)
        except TrippedError:
            return self._commit(limit, self._guarded)

    def take_up(self, inbox: Inbox, drafts: Sequence[Draft]) -> tuple[list[Accepted], Batch]:
        """Accept drafts, and step what is pending then, in one commit: half as many wait for the disk.

        Where a step trips, the drafts are accepted alone, and what is pending stays so for the next turn.

        Raises:
            StorageError: Nothing was accepted.
        """
        if not drafts:
            return [], self.run_batch()
        try:
            with self._tenant.store.write() as unit:
                receipts = inbox.accept_in(unit, drafts)
                batch = self._run_in(unit, BATCH, self._bare)
        except TrippedError:
            return inbox.accept_batch(drafts), Batch()
        self._tenant.hook("after_accept_commit")
        self._committed(batch)
        return receipts, batch

    def _commit(self, limit: int, take: Take) -> Batch:
        with self._tenant.store.write() as unit:
            batch = self._run_in(unit, limit, take)
        self._committed(batch)
        return batch

    def _run_in(self, unit: Unit, limit: int, take: Take) -> Batch:
        """Step what is pending, as far as limit and time reach."""
        clock, batch = self._tenant.clock, Batch()
        ends_at = clock.now() + self._hold
        # The first is taken whatever the time: a batch that handled nothing would say that nothing waits.
        while (found := _next(unit, limit - len(batch.handled))) and (
            not batch.handled or clock.now() < ends_at
        ):
            self._run(unit, found, batch, take, ends_at)
        self._hold = min(2 * self._hold, BATCH_FOR_LONGEST) if found else BATCH_FOR
        self._tenant.hook("before_step_commit")
        return batch

    def _committed(self, batch: Batch) -> None:
        self._tenant.hook("after_step_commit")
        for decision in batch.decisions:
            self._tenant.note("decision", decision_fields(decision))
        for letter in batch.dead:
            self._tenant.note(
                "dead_letter", {"id": letter.id, "signal": letter.signal.id, "error": letter.error}
            )

    def _run(self, unit: Unit, found: list[Pending], batch: Batch, take: Take, ends_at: int) -> None:
        """Step what was found, until a step derives a signal: that one is next in its lane."""
        for item in found:
            stepped = take(unit, item.signal, batch)
            batch.handled.append(item.signal.id)
            if stepped is not None:
                batch.add(stepped)
            if (stepped is not None and stepped.derived) or self._tenant.clock.now() >= ends_at:
                return

    def _bare(self, unit: Unit, signal: Signal, _: Batch) -> Stepped:
        try:
            return self._step(unit, signal)
        except BusyError:
            raise
        except Exception as error:
            raise TrippedError from error

    def _guarded(self, unit: Unit, signal: Signal, batch: Batch) -> Stepped | None:
        """Step one signal; what it cannot survive makes it a dead letter and stops no other."""
        problem: Exception | None = None
        for _ in ("first", "once more, with fresh reads"):
            try:
                with unit.savepoint():
                    return self._step(unit, signal)
            except ConflictError as error:
                problem = error
            except (BusyError, IntegrityError):
                raise
            except Exception as error:  # noqa: BLE001 - whatever a step trips over, other lanes must go on
                problem = error
                break
        letter = _dead_letter(signal, problem, unit.position())
        unit.record(letter)
        batch.dead.append(letter)
        return None

    def _step(self, unit: Unit, signal: Signal) -> Stepped:
        tenant = self._tenant
        links = link_of(unit, tenant.mind, tenant.ids, signal)
        subject = f"profile:{links.profile_id}" if links.profile_id else signal.subject
        percept = self._perceive(unit, signal, subject or f"account:{links.account_id}", links.person_id)
        stepped = step_of(unit, tenant.mind, tenant.ids, signal, percept, links)
        unit.record(stepped)
        return stepped

    def _perceive(self, unit: Unit, signal: Signal, subject: str, person_id: str) -> Percept | None:
        percept = unit.percept(signal.id)
        if percept is None:
            names = unit.on_record(person_id) if person_id and has_words(signal) else ()
            percept = self._tenant.mind.perceiver.perceive(signal, names)
            if percept is not None:
                earlier = recalled(unit, person_id, signal, self._tenant.mind.tokens)
                found = tuple(Recollection(message.id, score) for message, score in earlier.found)
                unit.record(Perceived(signal.id, subject, percept, found, earlier.model))
        return percept


def _next(unit: Unit, limit: int) -> list[Pending]:
    """What to take up next; history gets a quarter while live signals wait, and everything when none do."""
    if limit <= 0:
        return []
    limit = min(limit, TAKEN)
    found = unit.pending(limit, history_share=max(1, limit // 4))
    if all(item.signal.history for item in found):
        found = unit.pending(limit, history_share=limit)
    return found


def _dead_letter(signal: Signal, problem: Exception | None, position: int) -> DeadLettered:
    """A letter of its own for each death: the position tells it from an earlier one that was replayed."""
    code = problem.code if isinstance(problem, SegueError) else "step"
    if isinstance(problem, ConflictError):
        code = "reservation"
    text = f"{type(problem).__name__}: {problem}"
    return DeadLettered(derive("step", signal.id, str(position)), signal, signal.received_at, code, text)


def decision_fields(decision: Decision) -> dict[str, object]:
    """The fields of a decision's line in the journal."""
    return {
        "id": decision.id,
        "at": decision.at,
        "lane": decision.lane,
        "question": decision.question,
        "play": decision.play,
        "action": decision.action,
        "mode": decision.mode,
        "because": decision.because,
        "arguments": dict(decision.choice.candidate.arguments),
    }
