"""Replay decides the whole log again and compares; rebuild folds it again and decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from segue.bootstrap.home import Home, pin_zones
from segue.bootstrap.minds import mind_of
from segue.core.encoding import encode
from segue.core.errors import SegueError
from segue.core.ports import LogRow, Unit
from segue.core.records.events import DeadLetterReplayed, EngineStarted, Event, Imported, Stepped
from segue.core.records.memory import Exposure
from segue.core.records.playbook import Playbook
from segue.core.records.signals import Signal
from segue.core.units import Instant
from segue.planner import holders, lacking, with_reads
from segue.playbook import load
from segue.privacy.expiring import DATA_CLASSES, expired
from segue.runtime.stepping import context_of, link_of
from segue.runtime.tenant import Mind
from segue.stores import SqliteStore

_BATCH = 256
_GAP = DeadLetterReplayed("", Instant(0))
"""Stands where an erased event was, so that log positions stay what they were; it changes nothing."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A step that came out another way: where it stands in the log, and which parts of it differ.

    Attributes:
        fields: Names of the parts that differ.
        engine: Engine that decided then; `engine_now` runs here.
    """

    seq: int
    signal_id: str
    decision_id: str
    fields: tuple[str, ...]
    engine: str
    engine_now: str


@dataclass(slots=True)
class ReplayReport:
    """What replay found.

    Attributes:
        decisions: Decisions compared.
        identical: ... of which came out byte for byte the same, with everything their step wrote.
        steps: All steps compared; most lead to no decision.
        different: Every step that differs.
        not_replayable: Events that were erased with their person, and steps that lack them.
        expired: Steps that cannot be decided again, because words they were decided by were kept for long
            enough and are gone.
    """

    decisions: int = 0
    identical: int = 0
    steps: int = 0
    different: list[Difference] = field(default_factory=list)
    not_replayable: int = 0
    expired: int = 0


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """Hashes of all projections before and after they were folded again."""

    before: str
    after: str

    @property
    def equal(self) -> bool:
        """Whether the projections were what the log says."""
        return self.before == self.after


def replay(path: str | Path, playbook: str | Path | None = None) -> ReplayReport:
    """Decide everything in a home's log again, in a fresh store in memory.

    Raises:
        MissingError: This is no home.
        PlaybookErrors: The playbook cannot be used.
        IntegrityError: The hash chain over the log is broken.
    """
    pin_zones()
    home = Home(Path(path))
    key = home.master_key()
    rules = load(Path(playbook) if playbook is not None else home.playbook)
    logged = SqliteStore.open_read_only(home.path, master_key=key)
    scratch = SqliteStore.open(None, master_key=key, ids=logged.ids)
    try:
        logged.verify_chain()
        judge = _Judge(scratch, rules, max(logged.expiries().values(), default=0))
        with logged.read() as reader:
            batch: list[LogRow] = []
            for row in reader.log():
                batch.append(row)
                if len(batch) == _BATCH:
                    judge.take(batch)
                    batch = []
            judge.take(batch)
        return judge.report
    finally:
        scratch.close()
        logged.close()


def rebuild(path: str | Path) -> RebuildReport:
    """Fold a home's log again into new projections.

    Raises:
        MissingError: This is no home.
        LockedError: Another process runs it.
        IntegrityError: The hash chain over the log is broken; nothing was folded.
    """
    home = Home(Path(path))
    store = SqliteStore.open(home.path, master_key=home.master_key())
    try:
        store.verify_chain()
        before = store.projection_hash()
        store.rebuild()
        return RebuildReport(before, store.projection_hash())
    finally:
        store.close()


class _Judge:
    """Walks the log: decides each step again from what came before it, then records what was logged."""

    def __init__(self, scratch: SqliteStore, rules: Playbook, gone: int) -> None:
        self._scratch, self._rules = scratch, rules
        self._mind, self._now = mind_of(rules, scratch.ids)
        self._engine = self._now.hash
        self._foreign, self._gone, self._erased = 0, gone, 0
        self.report = ReplayReport()

    def take(self, rows: list[LogRow]) -> None:
        """Judge a batch of rows."""
        with self._scratch.write() as unit:
            for row in rows:
                if row.event is None:
                    self._skip(unit)
                else:
                    self._judge(unit, row.seq, row.event)

    def _judge(self, unit: Unit, seq: int, event: Event) -> None:
        if isinstance(event, Imported):
            self._foreign = event.events
        elif self._foreign:
            self._foreign -= 1  # it was decided in another home, by what was known there
            self.report.not_replayable += isinstance(event, Stepped)
        elif isinstance(event, EngineStarted):
            self._engine = event.engine
            self._mind, _ = mind_of(self._rules, self._scratch.ids, event.engine)
        elif isinstance(event, Stepped):
            self._compare(unit, seq, event)
        try:
            with unit.savepoint():
                unit.record(event)
        except SegueError:
            self._skip(unit)  # it speaks of something that was erased

    def _skip(self, unit: Unit) -> None:
        self._erased += 1
        self.report.not_replayable += 1
        unit.record(_GAP)

    def _compare(self, unit: Unit, seq: int, logged: Stepped) -> None:
        signal = unit.signal(logged.signal_id)
        if signal is None:
            self.report.not_replayable += 1
            return
        if signal.expired:
            self.report.expired += 1
            return
        again = self._decided(unit, signal, logged)
        same = again is not None and encode(again) == encode(logged)
        if not same and (self._learns_anew(logged, again) or self._names_erased(unit, logged)):
            self.report.not_replayable += 1
            return
        if not same and self._lacks_words(logged, again):
            self.report.expired += 1
            return
        self.report.steps += 1
        self.report.decisions += logged.decision is not None
        self.report.identical += same and logged.decision is not None
        if not same:
            decision_id = logged.decision.id if logged.decision else ""
            fields = _differing(logged, again)
            difference = Difference(seq, signal.id, decision_id, fields, self._engine, self._now.hash)
            self.report.different.append(difference)

    def _decided(self, unit: Unit, signal: Signal, logged: Stepped) -> Stepped | None:
        """The step as it comes out now; what erased ones had fed of its shared reads is taken as recorded."""
        again = _again(unit, self._mind, self._scratch, signal)
        if not self._erased or again is None or again.decision is None or logged.decision is None:
            return again
        more = lacking(logged.decision, again.decision, self._erased)
        return _again(unit, self._mind, self._scratch, signal, more) if more else again

    def _learns_anew(self, logged: Stepped, again: Stepped | None) -> bool:
        return again is not None and self.report.not_replayable > 0 and _learns_anew(logged, again)

    def _names_erased(self, unit: Unit, logged: Stepped) -> bool:
        """Whether a step read what an erased one told, or lacked what they took: it names what is gone."""
        if not self._erased or logged.decision is None:
            return False
        origins = {fact.origin for fact in logged.decision.facts if fact.origin}
        return any(not unit.decision_ids(name, 1) for name in holders(logged.decision)) or any(
            unit.signal(origin) is None for origin in origins
        )

    def _lacks_words(self, logged: Stepped, again: Stepped | None) -> bool:
        """Whether a step differs by words that are gone: it is as old as they, or differs in nothing else."""
        if logged.now < self._gone:
            return True
        return bool(self._gone and again) and _without_words(again) == _without_words(logged)


def _again(
    unit: Unit, mind: Mind, scratch: SqliteStore, signal: Signal, more: Mapping[str, int] | None = None
) -> Stepped | None:
    """The step as it comes out now, with so much more of its shared reads; None where it fails."""
    try:
        context = context_of(unit, mind, signal, link_of(unit, mind, scratch.ids, signal))
        context = with_reads(context, more) if more else context
        return mind.step(context, signal, unit.percept(signal.id))
    except SegueError:
        return None


def _without_words(step: Stepped | None) -> bytes:
    """A step without its words: what it says beside them is the same whatever expired."""
    if step is None:
        return b""
    cuts: dict[str, Instant] = dict.fromkeys(DATA_CLASSES, Instant(step.now + 1))
    return encode(expired(step, step.now, cuts, lambda _: ""))


def _learns_anew(logged: Stepped, again: Stepped) -> bool:
    """Whether a step differs only in what an erased one had told first: ids of the account, and its arm."""
    links = replace(again.links, account_identifiers=logged.links.account_identifiers)
    known = replace(again, links=links, arms=logged.arms, exposures=_with_arms(logged, again))
    more = set(logged.links.account_identifiers) <= set(again.links.account_identifiers)
    return more and all(arm in again.arms for arm in logged.arms) and encode(known) == encode(logged)


def _with_arms(logged: Stepped, again: Stepped) -> tuple[Exposure, ...]:
    """The exposures as they come out now, with the arm of then where it is not known any more."""
    arms = {item.id: item.arm for item in logged.exposures}
    return tuple(replace(item, arm=item.arm or arms.get(item.id, item.arm)) for item in again.exposures)


def _differing(logged: Stepped, again: Stepped | None) -> tuple[str, ...]:
    if again is None:
        return ("the step fails",)
    return tuple(
        name
        for name in logged.__struct_fields__
        if encode(getattr(logged, name)) != encode(getattr(again, name))
    )
