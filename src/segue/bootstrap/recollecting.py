"""What was recalled before a decision, as receipts outside the pages show it."""

from dataclasses import dataclass
from typing import Any

from segue.bootstrap.public import public
from segue.core.ports import Receipt
from segue.core.units import PPM, Instant
from segue.perception import without_private


@dataclass(frozen=True, slots=True)
class Recollected:
    """An earlier message that was recalled before a step.

    Attributes:
        by: Who said it: `customer`, `automatic`, `segue`, `rep:NAME` or `tool:NAME`.
        text: Its words; sentences that tell something private are left out.
        score: How well it answers; scores of one receipt compare with each other only.
    """

    message_id: str
    signal_id: str
    channel: str
    by: str
    at: Instant
    text: str
    score: float


def recollected(receipt: Receipt) -> list[Recollected]:
    """What was recalled before a decision, best first."""
    return [
        Recollected(
            message.id,
            message.signal_id,
            message.channel,
            message.by,
            message.at,
            without_private(message.text),
            score / PPM,
        )
        for message, score in receipt.recalled.found
    ]


def public_receipt(receipt: Receipt, reporting: str) -> dict[str, Any]:
    """A receipt in its public form."""
    told: dict[str, Any] = public(receipt, reporting)
    told["recalled"] = public(recollected(receipt), reporting)
    return {**told, "recalled_by": receipt.recalled.model}
