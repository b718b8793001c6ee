"""The dispatcher: a due effect is checked a third time, begun on the ledger, performed, and ended there."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from segue.core.errors import AmbiguousError, BusyError, ConnectorError, IntegrityError, SegueError
from segue.core.ports import Connector, Reader, Request, Unit
from segue.core.records.context import TENANT, Context, LedgerRow
from segue.core.records.decisions import Verdict
from segue.core.records.effects import TERMINAL, Attempt, EffectState
from segue.core.records.events import Attempted
from segue.core.records.signals import Kind
from segue.core.units import Instant
from segue.runtime.admission import own
from segue.runtime.inbox import accept
from segue.runtime.lines import Lines, Picked
from segue.runtime.settling import Answer, Call, conclude, interrupted, is_news
from segue.runtime.stepping import subject_links_of
from segue.runtime.tenant import Tenant

SOURCE = "segue.dispatch"
DEADLINE_S = 30.0
"""How long one call may take on the clock port; a reply after it counts as lost."""

_PAGE = 256
_WIDEST_PAGE = 65_536
_EVER = Instant(2**62)


class Dispatcher:
    """Moves effects along the ledger.

    `begin_due` and `end` are synchronous and called by the one writer; `perform` runs beside it and
    touches nothing but the connector.
    """

    def __init__(
        self, tenant: Tenant, connectors: Mapping[str, Connector], *, deadline_s: float = DEADLINE_S
    ) -> None:
        self._tenant = tenant
        self._connectors = connectors
        self._deadline_s = deadline_s
        self._lines = Lines(connectors)
        self._picked = Picked()
        self._stopped_at = -1
        self._stopping = False
        self._moves = 0
        self.asking: dict[str, asyncio.Task[Answer]] = {}

    def recover(self) -> int:
        """End the attempts a crash left open, by the rule of their effect class; returns how many."""
        with self._tenant.store.read() as reader:
            rows = reader.open_attempts()
        if rows:
            now = self._tenant.time.now()
            with self._tenant.store.write() as unit:
                for row in rows:
                    self._record_end(unit, row, interrupted(row, now))
        return len(rows)

    def begin_due(self) -> tuple[list[Call], bool]:
        """Begin what is due and allowed, in one transaction.

        Returns:
            The calls to make, oldest effect first; and whether the ledger moved at all.
        """
        now = self._tenant.time.now()
        self._picked = self._pick(now)
        if not self._picked.rows:
            return [], False
        try:
            return self._begin_all(self._picked.rows, now)
        except SegueError:
            for row in self._picked.rows:
                self._lines.put_back(row)
            raise

    def _pick(self, now: Instant) -> Picked:
        """Choose what may start; when all of a page is held up, look behind it."""
        page = _PAGE
        with self._tenant.store.read() as reader:
            stopped = self._stopped_at == reader.position()
            while True:
                rows = reader.due_effects(now, page)
                able = [row for row in rows if row.effect.purpose == "mandatory" or not stopped]
                picked = self._lines.pick(able, now)
                if picked.rows or len(rows) < page or page >= _WIDEST_PAGE:
                    return picked
                page *= 4

    def _begin_all(self, rows: Sequence[LedgerRow], now: Instant) -> tuple[list[Call], bool]:
        tenant, before, self._stopping = self._tenant, self._moves, False
        with tenant.store.write() as unit:
            begun = [(row, self._begin_safely(unit, row, now)) for row in rows]
            tenant.hook("before_attempt_start_commit")
            position = unit.position()
        tenant.hook("after_attempt_start_commit")
        self._stopped_at = position if self._stopping else -1
        for row, call in begun:
            if call is None:
                self._lines.put_back(row)
        return [call for _, call in begun if call is not None], self._moves > before

    async def perform(self, call: Call) -> Answer:
        """Ask the connector, at most until the deadline; it never raises but when cancelled."""
        work = self.asking[call.row.effect.id] = asyncio.create_task(self._ask(call))
        limit = asyncio.create_task(self._tenant.clock.sleep(self._deadline_s))
        try:
            await asyncio.wait({work, limit}, return_when=asyncio.FIRST_COMPLETED)
            if work.done() and not work.cancelled():
                self._tenant.hook("after_perform")
                return work.result()
            return Answer(error=AmbiguousError(f"no reply within {self._deadline_s:g} s"))
        finally:
            del self.asking[call.row.effect.id]
            for task in (work, limit):
                task.cancel()
            await asyncio.gather(work, limit, return_exceptions=True)

    def end(self, results: Sequence[tuple[Call, Answer]]) -> None:
        """Commit how calls went, each together with the signal that tells the planner.

        Raises:
            StorageError: Nothing was committed; call again with the same results.
        """
        tenant, now = self._tenant, self._tenant.time.now()
        attempts = [conclude(call, answer, now) for call, answer in results]
        with tenant.store.write() as unit:
            for (call, _), attempt in zip(results, attempts, strict=True):
                self._record_end(unit, call.row, attempt)
            tenant.hook("before_attempt_end_commit")
        tenant.hook("after_attempt_end_commit")
        for (call, answer), attempt in zip(results, attempts, strict=True):
            self._lines.end(call.row, reached=answer.reached, now=now)
            tenant.note("attempt", attempt_fields(call.row, attempt))

    def next_at(self, *, exact: bool = True) -> Instant | None:
        """When something more may start: an effect that comes due, or a limit that lets one pass.

        Args:
            exact: Look behind effects that are due and held up as well; a live loop just looks again soon.
        """
        now = self._tenant.time.now()
        with self._tenant.store.read() as reader:
            at = reader.next_effect_at()
            if exact and at is not None and at <= now:  # That one is held up; look at those behind it.
                later = [
                    due for row in reader.due_effects(_EVER, _WIDEST_PAGE) if (due := _due_at(row)) > now
                ]
                at = min(later, default=None)
        limit = self._picked.next_at
        known = [moment for moment in (at, limit) if moment is not None and moment > now]
        return min(known, default=None)

    # --- beginning ------------------------------------------------------------------------------------

    def _begin_safely(self, unit: Unit, row: LedgerRow, now: Instant) -> Call | None:
        """Begin one effect; an effect whose check fails is not sent, and stops no other."""
        try:
            with unit.savepoint():
                return self._begin(unit, row, now)
        except (BusyError, IntegrityError):
            raise
        except Exception as error:  # noqa: BLE001 - fail closed: what cannot be checked is not sent
            self._fail(unit, row, now, f"the check before sending failed: {type(error).__name__}: {error}")
            return None

    def _begin(self, unit: Unit, row: LedgerRow, now: Instant) -> Call | None:
        effect = row.effect
        connector = self._connectors.get(effect.connector)
        overdue = now > effect.deadline_at
        if connector is None or effect.verb not in connector.verbs:
            self._fail(unit, row, now, f"no connector `{effect.connector}` with verb `{effect.verb}`")
        elif row.state == "unknown" and (effect.effect_class != "K" or overdue):
            return self._start(unit, row, now, Verdict(), look_up=True)
        elif overdue:
            self._fail(unit, row, now, "its deadline passed before it could be sent")
        else:
            return self._check(unit, row, now)
        return None

    def _check(self, unit: Unit, row: LedgerRow, now: Instant) -> Call | None:
        """The third check, on the final arguments with fresh facts."""
        context = self._context(unit, row, now)
        if row.effect.purpose != "mandatory" and (self._stopping or _kill_switch(context)):
            self._stopping = True
            return None
        if (until := _goes_first(row, context, now)) is not None:
            self._lines.wait(row.effect.id, until)
            self._picked.later(until)
            return None
        verdict = self._tenant.mind.recheck(row, context, now)
        forbidden = _forbids(verdict, now)
        if forbidden and row.state == "pending":
            self._refuse(unit, row, now, verdict)
            return None
        return self._start(unit, row, now, verdict, look_up=forbidden)

    def _context(self, reader: Reader, row: LedgerRow, now: Instant) -> Context:
        tenant, effect = self._tenant, row.effect
        links = subject_links_of(reader, tenant.mind, effect.subject)
        question = own(
            tenant.ids,
            Kind.EFFECT_REFUSED,
            SOURCE,
            effect.id,
            body={"effect": effect.id},
            subject=effect.subject,
            trigger=effect.signal_id,
        ).received(now)
        wants = replace(tenant.mind.wants(question, links), effect_id=effect.id)
        return reader.context(question, links, now, wants)

    def _start(
        self, unit: Unit, row: LedgerRow, now: Instant, verdict: Verdict, *, look_up: bool = False
    ) -> Call:
        attempt = Attempt(row.effect.id, _number(row), now, verdict)
        unit.record(Attempted(attempt, row.effect.subject))
        self._moves += 1
        return Call(row, attempt, look_up)

    def _refuse(self, unit: Unit, row: LedgerRow, now: Instant, verdict: Verdict) -> None:
        """Policy has changed its mind since the decision: it is cancelled, and decided again."""
        effect = row.effect
        because = next((match.why for match in verdict.matches if match.rule == verdict.rule), "")
        attempt = Attempt(
            effect.id, _number(row), now, verdict, ended_at=now, state="cancelled", detail=verdict.rule
        )
        unit.record(Attempted(attempt, effect.subject))
        self._tell(
            unit, row, attempt, Kind.EFFECT_REFUSED, "refused", {"rule": verdict.rule, "because": because}
        )
        self._moves += 1

    def _fail(self, unit: Unit, row: LedgerRow, now: Instant, detail: str) -> None:
        state: EffectState = "unknown" if row.state == "unknown" else "failed"
        attempt = Attempt(row.effect.id, _number(row), now, ended_at=now, state=state, detail=detail)
        self._record_end(unit, row, attempt)
        self._moves += 1

    # --- ending ---------------------------------------------------------------------------------------

    async def _ask(self, call: Call) -> Answer:
        effect = call.row.effect
        connector = self._connectors[effect.connector]
        request = Request(effect.id, effect.verb, effect.arguments, call.attempt.number, self._deadline_s)
        self._tenant.hook("before_perform")
        try:
            if call.look_up:
                return Answer(await connector.look_up(request))
            return Answer(await connector.perform(request))
        except ConnectorError as error:
            return Answer(error=error)
        except Exception as error:  # noqa: BLE001 - a connector's bug: nobody knows whether it happened
            return Answer(error=AmbiguousError(f"{type(error).__name__}: {error}"))

    def _record_end(self, unit: Unit, row: LedgerRow, attempt: Attempt) -> None:
        current = unit.effect(row.effect.id)
        if current is not None and current.state in TERMINAL:
            return  # a human reconciled it meanwhile, and that stands
        unit.record(Attempted(attempt, row.effect.subject))
        if is_news(row, attempt):
            told = {"state": attempt.state, "reference": attempt.reference, "detail": attempt.detail}
            self._tell(unit, row, attempt, Kind.EFFECT_SETTLED, attempt.state, told)

    def _tell(
        self, unit: Unit, row: LedgerRow, attempt: Attempt, kind: Kind, what: str, body: Mapping[str, str]
    ) -> None:
        effect = row.effect
        draft = own(
            self._tenant.ids,
            kind,
            SOURCE,
            f"{effect.id}:{attempt.number}:{what}",
            body={"effect": effect.id, **body},
            subject=effect.subject,
            trigger=effect.signal_id,
        )
        accept(unit, draft, self._tenant.time)


def attempt_fields(row: LedgerRow, attempt: Attempt) -> dict[str, object]:
    """The fields of an attempt's line in the journal."""
    effect = row.effect
    return {
        "effect": effect.id,
        "decision": effect.decision_id,
        "connector": effect.connector,
        "verb": effect.verb,
        "number": attempt.number,
        "state": attempt.state,
        "started_at": attempt.started_at,
        "ended_at": attempt.ended_at,
        "reference": attempt.reference,
        "detail": attempt.detail,
        "arguments": dict(effect.arguments),
    }


def _number(row: LedgerRow) -> int:
    return row.attempts[-1].number + 1 if row.attempts else 1


def _due_at(row: LedgerRow) -> Instant:
    retry_at = row.attempts[-1].retry_at if row.attempts else None
    return max(row.effect.not_before, retry_at or Instant(0))


def _kill_switch(context: Context) -> bool:
    return any(
        fact.subject == TENANT and fact.predicate == "kill_switch" and fact.value is True
        for fact in context.facts
    )


def _forbids(verdict: Verdict, now: Instant) -> bool:
    later = max(verdict.defer_until or 0, verdict.hold_until or 0)
    return verdict.forbidden or later > now


def _goes_first(row: LedgerRow, context: Context, now: Instant) -> Instant | None:
    """When an effect of the same subject and connector, tried before, is tried again; it keeps its place."""
    for other in context.ledger:
        mine = (other.effect.connector, other.effect.subject) == (row.effect.connector, row.effect.subject)
        if not mine or other.effect.id == row.effect.id or not other.attempts or row.attempts:
            continue
        again_at = other.attempts[-1].retry_at
        if other.effect.effect_class != "U" and again_at is not None and again_at > now:
            return again_at
    return None
