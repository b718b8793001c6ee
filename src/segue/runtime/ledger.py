"""The ledger: every attempt is a row, and what it settles is told to the planner in the same transaction."""

from collections.abc import Mapping
from typing import Any

from segue.core.ports import Unit
from segue.core.records.context import LedgerRow
from segue.core.records.decisions import Verdict
from segue.core.records.effects import TERMINAL, Attempt, EffectState
from segue.core.records.events import Attempted
from segue.core.records.heard import Heard, carried, carrying, read_again
from segue.core.records.reading import READ_AGAIN
from segue.core.records.signals import Kind
from segue.core.units import Instant
from segue.runtime.admission import own
from segue.runtime.inbox import accept
from segue.runtime.settling import Call, is_news, is_over
from segue.runtime.tenant import Tenant

SOURCE = "segue.dispatch"


class Ledger:
    """Writes attempts of effects; called inside the one writer's transactions.

    Attributes:
        moves: How many attempts were begun, refused or failed so far.
    """

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self.moves = 0

    def start(
        self, unit: Unit, row: LedgerRow, now: Instant, verdict: Verdict, *, look_up: bool = False
    ) -> Call:
        """Begin an attempt; it is on the ledger before the connector is called."""
        attempt = Attempt(row.effect.id, next_number(row), now, verdict)
        unit.record(Attempted(attempt, row.effect.subject))
        self.moves += 1
        return Call(row, attempt, look_up)

    def refuse(self, unit: Unit, row: LedgerRow, now: Instant, verdict: Verdict) -> None:
        """Policy has changed its mind since the decision: it is cancelled, and decided again."""
        effect, rule = row.effect, verdict.rule
        because = next((match.why for match in verdict.matches if match.rule == rule), "")
        attempt = Attempt(
            effect.id, next_number(row), now, verdict, ended_at=now, state="cancelled", detail=rule
        )
        unit.record(Attempted(attempt, effect.subject))
        told = {"rule": rule, "because": because, **_question(unit, row)}
        self._tell(unit, row, attempt, Kind.EFFECT_REFUSED, "refused", told)
        self.moves += 1

    def fail(self, unit: Unit, row: LedgerRow, now: Instant, detail: str) -> None:
        """It cannot be sent at all; what may have happened before stays unknown."""
        state: EffectState = "unknown" if row.state == "unknown" else "failed"
        self.end(
            unit, row, Attempt(row.effect.id, next_number(row), now, ended_at=now, state=state, detail=detail)
        )
        self.moves += 1

    def end(self, unit: Unit, row: LedgerRow, attempt: Attempt, *, by: str = "") -> str:
        """End an attempt; `by` names the human who tells how.

        Returns:
            Id of the signal that tells the planner; empty where it is no news.
        """
        current = unit.effect(row.effect.id)
        if current is not None and current.state in TERMINAL:
            return ""  # a human reconciled it meanwhile, and that stands
        unit.record(Attempted(attempt, row.effect.subject))
        if is_news(row, attempt):
            told: dict[str, Any] = {
                "state": attempt.state,
                "reference": attempt.reference,
                "detail": attempt.detail,
            }
            told |= {"final": True} if is_over(attempt) else {}
            told |= {"by": by} if by else {}
            if row.effect.action == READ_AGAIN:
                told |= self._read(unit, row, attempt)
            elif is_over(attempt):
                told |= _question(unit, row)
            return self._tell(unit, row, attempt, Kind.EFFECT_SETTLED, attempt.state, told)
        return ""

    def _read(self, unit: Unit, row: LedgerRow, attempt: Attempt) -> dict[str, Any]:
        """What a second reading cost, and the message with its better percept, recorded before the step."""
        told: dict[str, Any] = {"spent": attempt.reply.get("spent", {})}
        cause = unit.signal(row.effect.signal_id)
        first = unit.percept(row.effect.signal_id)
        if cause is None or first is None or attempt.state != "delivered":
            return told
        better = self._tenant.mind.reread(cause, first, attempt.reply.get("reading"))
        if better is None:
            return told
        draft = row.effect.arguments.get("approval")
        return told | read_again(cause, first, better) | ({"approval": draft} if draft else {})

    def _tell(
        self, unit: Unit, row: LedgerRow, attempt: Attempt, kind: Kind, what: str, body: Mapping[str, Any]
    ) -> str:
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
        return draft.id


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


def next_number(row: LedgerRow) -> int:
    """Number of the next attempt of an effect."""
    return row.attempts[-1].number + 1 if row.attempts else 1


def _question(unit: Unit, row: LedgerRow) -> dict[str, Any]:
    """The message an effect was to react to, so that what comes instead knows what was asked."""
    cause = unit.signal(row.effect.signal_id)
    if cause is None:
        return {}
    kept = carried(cause) or Heard(cause, unit.percept(cause.id))
    return carrying(kept.signal, kept.percept) if kept.percept is not None else {}
