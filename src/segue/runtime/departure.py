"""The last check before an effect leaves: order, deadline, kill switch, and policy with fresh facts."""

from collections.abc import Mapping

from msgspec.structs import replace

from segue.core.errors import BusyError, IntegrityError
from segue.core.ports import Connector, Reader, Unit
from segue.core.records.context import TENANT, Context, LedgerRow
from segue.core.records.decisions import Verdict
from segue.core.records.effects import NEVER_STOPPED
from segue.core.records.signals import Kind
from segue.core.units import Instant
from segue.runtime.admission import own
from segue.runtime.ledger import SOURCE, Ledger
from segue.runtime.lines import Lines
from segue.runtime.restoring import Doubts
from segue.runtime.settling import Call, declared
from segue.runtime.stepping import subject_links_of
from segue.runtime.tenant import Tenant


class Departure:
    """Begins effects, or says why not; called inside the one writer's transaction.

    Attributes:
        stopped: Whether the kill switch was found on; set to False before each pass.
    """

    def __init__(
        self,
        tenant: Tenant,
        connectors: Mapping[str, Connector],
        ledger: Ledger,
        lines: Lines,
        doubts: Doubts,
    ) -> None:
        self._tenant = tenant
        self._connectors = connectors
        self._ledger = ledger
        self._lines = lines
        self._doubts = doubts
        self.stopped = False

    def begin(self, unit: Unit, row: LedgerRow, now: Instant) -> Call | None:
        """Begin one effect; an effect whose check fails is not sent, and stops no other."""
        try:
            with unit.savepoint():
                return self._begin(unit, row, now)
        except (BusyError, IntegrityError):
            raise
        except Exception as error:  # noqa: BLE001 - fail closed: what cannot be checked is not sent
            detail = f"the check before sending failed: {type(error).__name__}: {error}"
            self._ledger.fail(unit, row, now, detail)
            return None

    def _begin(self, unit: Unit, row: LedgerRow, now: Instant) -> Call | None:
        effect = row.effect
        connector = self._connectors.get(effect.connector)
        overdue = now > effect.deadline_at
        if connector is None or effect.verb not in connector.verbs:
            detail = f"no connector `{effect.connector}` with verb `{effect.verb}`"
            self._ledger.fail(unit, row, now, detail)
        elif self._asks_only(unit, row, overdue=overdue):
            return self._ledger.start(unit, row, now, Verdict(), look_up=True)
        elif overdue:
            self._ledger.fail(unit, row, now, "its deadline passed before it could be sent")
        else:
            return self._check(unit, row, now)
        return None

    def _asks_only(self, unit: Unit, row: LedgerRow, *, overdue: bool) -> bool:
        """Whether the connector is only asked what is there: what may be done is not done again."""
        unsure = row.state == "unknown" and (row.effect.effect_class != "K" or overdue)
        return unsure or self._doubts.may_have_gone(unit, row)

    def _check(self, unit: Unit, row: LedgerRow, now: Instant) -> Call | None:
        """The third check, on the final arguments with fresh facts."""
        context = self._context(unit, row, now)
        if row.effect.purpose not in NEVER_STOPPED and (self.stopped or _kill_switch(context)):
            self.stopped = True
            return None
        if (until := self._goes_first(row, context, now)) is not None:
            self._lines.wait(row.effect.id, until)
            return None
        verdict = self._tenant.mind.recheck(row, context, now)
        forbidden = _forbids(verdict, now)
        if forbidden and row.state == "pending":
            self._ledger.refuse(unit, row, now, verdict)
            return None
        return self._ledger.start(unit, row, now, verdict, look_up=forbidden)

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
        wants = replace(tenant.mind.wants(question, links), effect_id=effect.id, open_effects=True)
        return reader.context(question, links, now, wants)

    def _goes_first(self, row: LedgerRow, context: Context, now: Instant) -> Instant | None:
        """When an effect of the same subject and connector that was tried before is tried again."""
        way = (row.effect.connector, row.effect.subject)
        for found in context.ledger:
            if (found.effect.connector, found.effect.subject) != way or not found.attempts or row.attempts:
                continue
            other, again_at = declared(found, self._connectors), found.attempts[-1].retry_at
            if other.effect.effect_class != "U" and again_at is not None and again_at > now:
                return again_at
        return None


def _kill_switch(context: Context) -> bool:
    return any(
        fact.subject == TENANT and fact.predicate == "kill_switch" and fact.value is True
        for fact in context.facts
    )


def _forbids(verdict: Verdict, now: Instant) -> bool:
    later = max(verdict.defer_until or 0, verdict.hold_until or 0)
    return verdict.forbidden or later > now
