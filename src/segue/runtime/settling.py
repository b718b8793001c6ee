"""What an answer, or the lack of one, makes of an attempt: a pure rule by the verb's effect class."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import msgspec

from segue.core.errors import AmbiguousError, ConnectorError, RefusedError, RetryError
from segue.core.ports import Connector, Reply
from segue.core.records.context import LedgerRow
from segue.core.records.effects import Attempt
from segue.core.units import Instant
from segue.runtime.backoff import retry_at

AFTER_RESTORE = "restored from a backup: it may have gone out since"
"""Detail of the attempt that a restore puts on the ledger."""

LOOK_UPS = 10
"""So many attempts reconcile an unknown effect of class U; after them only a human can tell."""


@dataclass(frozen=True, slots=True)
class Call:
    """An attempt that has begun and is on its way to a connector.

    Attributes:
        row: The effect as it stood before.
        look_up: Whether the connector is only asked what an earlier attempt left behind.
    """

    row: LedgerRow
    attempt: Attempt
    look_up: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a reply (None from a look-up that found nothing), or the connector's error."""

    reply: Reply | None = None
    error: ConnectorError | None = None

    @property
    def reached(self) -> bool:
        """Whether the other side answered at all; a refusal is an answer."""
        return self.error is None or isinstance(self.error, RefusedError)


def declared(row: LedgerRow, connectors: Mapping[str, Connector]) -> LedgerRow:
    """An effect with the class its connector declares for the verb, which outranks what the playbook says."""
    connector = connectors.get(row.effect.connector)
    known = connector.verbs.get(row.effect.verb) if connector is not None else None
    if known is None or known == row.effect.effect_class:
        return row
    return replace(row, effect=msgspec.structs.replace(row.effect, effect_class=known))


def conclude(call: Call, answer: Answer, now: Instant) -> Attempt:
    """End an attempt.

    A certain answer settles it. Otherwise: what certainly did not happen is tried again; what may have
    happened is `unknown`, until the same key (K), a look-up (N, U) or a human tells.
    """
    if answer.reply is not None:
        return _done(call.attempt, answer.reply, now)
    ended = _end(call.attempt, now, detail=str(answer.error or "nothing found"))
    if answer.error is not None and answer.error.known:
        ended = msgspec.structs.replace(ended, reply=dict(answer.error.known))
    if call.look_up:
        return _looked_up(call, ended, answer, now)
    if isinstance(answer.error, RefusedError):
        return msgspec.structs.replace(ended, state="failed")
    return _again(call, ended, answer, now)


def interrupted(row: LedgerRow, now: Instant) -> Attempt:
    """End the attempt that a crash left open: nobody knows whether it happened."""
    call = Call(row, row.attempts[-1])
    return conclude(call, Answer(error=AmbiguousError("the process ended during the attempt")), now)


def is_doubted(row: LedgerRow) -> bool:
    """Whether a restore left it in doubt and nobody has been asked since."""
    return bool(row.attempts) and row.attempts[-1].detail == AFTER_RESTORE


def is_news(row: LedgerRow, attempt: Attempt) -> bool:
    """Whether the planner is told: of what is settled; and of what is unknown, at first and for good."""
    if attempt.state == "unknown":
        fresh = row.effect.effect_class == "U" and (row.state != "unknown" or is_doubted(row))
        return fresh or is_over(attempt)
    return attempt.state in {"delivered", "sent", "failed"}


def is_over(attempt: Attempt) -> bool:
    """Whether it will not happen, or nothing but a human can tell whether it did."""
    return attempt.state == "failed" or (attempt.state == "unknown" and attempt.retry_at is None)


def _done(attempt: Attempt, reply: Reply, now: Instant) -> Attempt:
    return msgspec.structs.replace(
        _end(attempt, now),
        state="delivered" if reply.delivered else "sent",
        reference=reply.reference,
        reply=dict(reply.detail or {}),
    )


def _end(attempt: Attempt, now: Instant, detail: str = "") -> Attempt:
    return msgspec.structs.replace(attempt, ended_at=now, detail=detail)


def _looked_up(call: Call, ended: Attempt, answer: Answer, now: Instant) -> Attempt:
    if isinstance(answer.error, RefusedError):
        return msgspec.structs.replace(ended, state="unknown")
    if answer.error is None and call.row.effect.effect_class != "U":
        # It certainly is not there, and its key makes doing it safe: it is pending again.
        return msgspec.structs.replace(ended, state="pending", retry_at=now)
    at = _next_try(call, answer, now)
    if call.row.effect.effect_class == "U" and ended.number >= LOOK_UPS:
        at = None
    return msgspec.structs.replace(ended, state="unknown", retry_at=at)


def _again(call: Call, ended: Attempt, answer: Answer, now: Instant) -> Attempt:
    at = _next_try(call, answer, now)
    if call.row.state == "unknown" or not isinstance(answer.error, RetryError):
        return msgspec.structs.replace(ended, state="unknown", retry_at=at)
    if at is None:
        return msgspec.structs.replace(ended, state="failed", detail=f"deadline passed: {ended.detail}")
    return msgspec.structs.replace(ended, state="retry", retry_at=at)


def _next_try(call: Call, answer: Answer, now: Instant) -> Instant | None:
    asked = answer.error.retry_after_s if isinstance(answer.error, RetryError) else None
    at = retry_at(call.row.effect.id, call.attempt.number, now, asked)
    return at if at <= call.row.effect.deadline_at else None
