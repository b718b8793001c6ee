"""The dispatcher: a due effect is checked a third time, begun on the ledger, performed, and ended there."""

import asyncio
from collections.abc import Mapping, Sequence

from segue.core.errors import AmbiguousError, ConnectorError, SegueError
from segue.core.ports import Connector, Request
from segue.core.records.context import LedgerRow
from segue.core.records.effects import NEVER_STOPPED
from segue.core.units import Instant
from segue.identity.codes import filled, is_offered
from segue.runtime.departure import Departure
from segue.runtime.ledger import Ledger, attempt_fields
from segue.runtime.limits import LineState
from segue.runtime.lines import Lines, Picked
from segue.runtime.reconciling import Word, reconcile
from segue.runtime.restoring import Doubts
from segue.runtime.settling import Answer, Call, conclude, declared, interrupted
from segue.runtime.tenant import Tenant

DEADLINE_S = 30.0
"""How long one call may take on the clock port; a reply after it counts as lost."""

_PAGE = 256
_WIDEST_PAGE = 65_536


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
        self._ledger = Ledger(tenant)
        self._doubts = Doubts()
        self._departure = Departure(tenant, connectors, self._ledger, self._lines, self._doubts)
        self.asking: dict[str, asyncio.Task[Answer]] = {}

    def recover(self) -> int:
        """End the attempts a crash left open, by the rule of their effect class; returns how many."""
        with self._tenant.store.read() as reader:
            rows = reader.open_attempts()
            self._doubts.load(reader)
        if rows:
            now = self._tenant.time.now()
            with self._tenant.store.write() as unit:
                for row in rows:
                    self._ledger.end(unit, row, interrupted(declared(row, self._connectors), now))
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
        page, closed = _PAGE, self._lines.closed(now)
        with self._tenant.store.read() as reader:
            stopped = self._stopped_at == reader.position()
            while True:
                rows = reader.due_effects(now, page, skip=closed)
                able = [
                    declared(row, self._connectors)
                    for row in self._doubts.first(rows, self._lines.broken())
                    if self._doubts.has(row.effect.id) or row.effect.purpose in NEVER_STOPPED or not stopped
                ]
                picked = self._lines.pick(able, now)
                if picked.rows or len(rows) < page or page >= _WIDEST_PAGE:
                    return picked
                page *= 4

    def _begin_all(self, rows: Sequence[LedgerRow], now: Instant) -> tuple[list[Call], bool]:
        tenant, before, self._departure.stopped = self._tenant, self._ledger.moves, False
        with tenant.store.write() as unit:
            begun = [(row, self._departure.begin(unit, row, now)) for row in rows]
            tenant.hook("before_attempt_start_commit")
            position = unit.position()
        tenant.hook("after_attempt_start_commit")
        self._stopped_at = position if self._departure.stopped else -1
        for row, call in begun:
            if call is None:
                self._lines.put_back(row)
                self._doubts.asked(row.effect.id)
        return [call for _, call in begun if call is not None], self._ledger.moves > before

    def line_states(self) -> dict[str, LineState]:
        """How the way to each connector is."""
        return self._lines.states(self._tenant.time.now())

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
                self._ledger.end(unit, call.row, attempt)
            tenant.hook("before_attempt_end_commit")
        tenant.hook("after_attempt_end_commit")
        for (call, answer), attempt in zip(results, attempts, strict=True):
            self._doubts.asked(call.row.effect.id)
            self._lines.end(call.row, reached=answer.reached, now=now)
            tenant.note("attempt", attempt_fields(call.row, attempt))

    def reconcile(self, effect_id: str, word: Word, by: str) -> str:
        """Take a human's word on an effect of which nobody knows; returns the id of the signal it becomes.

        Raises:
            MissingError: There is no such effect.
            ConflictError: It is not unknown, or its tool is being asked at this moment.
        """
        tenant = self._tenant
        with tenant.store.write() as unit:
            row, attempt, signal_id = reconcile(unit, self._ledger, effect_id, word, by, tenant.time.now())
        self._doubts.asked(effect_id)
        tenant.note("attempt", attempt_fields(row, attempt))
        return signal_id

    def next_at(self) -> Instant | None:
        """When something more may start: an effect that comes due, or a limit that lets one pass."""
        now = self._tenant.time.now()
        with self._tenant.store.read() as reader:
            at = reader.next_effect_at(after=now)  # What was due before is held up, by a limit or a call.
        limit = self._picked.next_at
        known = [moment for moment in (at, limit) if moment is not None and moment > now]
        return min(known, default=None)

    async def _ask(self, call: Call) -> Answer:
        effect = call.row.effect
        connector = self._connectors[effect.connector]
        arguments = effect.arguments
        if effect.channel and is_offered(arguments):
            arguments = filled(self._tenant.ids, effect.id, arguments)
        request = Request(effect.id, effect.verb, arguments, call.attempt.number, self._deadline_s)
        self._tenant.hook("before_perform")
        try:
            if call.look_up:
                return Answer(await connector.look_up(request))
            return Answer(await connector.perform(request))
        except ConnectorError as error:
            return Answer(error=error)
        except Exception as error:  # noqa: BLE001 - a connector's bug: nobody knows whether it happened
            return Answer(error=AmbiguousError(f"{type(error).__name__}: {error}"))
