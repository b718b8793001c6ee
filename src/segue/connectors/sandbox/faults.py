"""Faults the company can be told to have: slow, failing, refusing, late, and replies that get lost."""

from dataclasses import dataclass
from typing import Literal, get_args

FaultKind = Literal["slow", "fail", "refuse", "late", "lose_reply", "reset"]
ANY_FAULT: tuple[FaultKind, ...] = get_args(FaultKind)


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with the next calls; `slow` and `fail` go wrong with look-ups as well.

    Attributes:
        kind: `slow` answers after `seconds`; `fail` certainly does nothing and may say when to retry;
            `refuse` never will; `late` does it and answers after the deadline; `lose_reply` does it and
            the answer is lost; `reset` loses the connection before anything is done.
        times: For how many calls; -1 until cleared.
        seconds: How slow, or the `Retry-After` of `fail` (0: none).
        verb: Only this verb; empty is any.
    """

    kind: FaultKind
    times: int = 1
    seconds: float = 0.0
    verb: str = ""


class Faults:
    """Faults by connector, taken in the order they were told."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[tuple[Fault, int]]] = {}

    def tell(self, connector: str, fault: Fault) -> None:
        """Let the connector's next calls go wrong."""
        self._waiting.setdefault(connector, []).append((fault, fault.times))

    def clear(self, connector: str) -> None:
        """Let the connector work again."""
        self._waiting.pop(connector, None)

    def take(self, connector: str, verb: str, kinds: tuple[FaultKind, ...] = ANY_FAULT) -> Fault | None:
        """The fault of this call, if any; of these kinds only."""
        waiting = self._waiting.get(connector, [])
        for place, (fault, left) in enumerate(waiting):
            if fault.verb in {"", verb} and fault.kind in kinds:
                if left == 1:
                    del waiting[place]
                elif left > 1:
                    waiting[place] = (fault, left - 1)
                return fault
        return None
