"""Intake: what adapters made of a request goes into the inbox, and each item's end is told in its place."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

import msgspec

from segue.api.ingest.facing import facing_of
from segue.api.ingest.people import Facing
from segue.api.metrics import Metrics
from segue.bootstrap import App
from segue.core.errors import SegueError, SignalError
from segue.core.records.memory import Trust
from segue.core.records.signals import OWN_SOURCES, NewSignal
from segue.core.units import to_datetime
from segue.runtime.admission import Accepted

MAX_EVENTS = 2_500
MAX_EVENT_BYTES = 32 * 1024

T = TypeVar("T")
_ENCODER = msgspec.json.Encoder()


class Intake:
    """Takes signals in for every door of ingestion.

    Args:
        app: The running tenant.
        metrics: Counts what came of them.
    """

    def __init__(self, app: App, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics
        self._facing: tuple[str, Facing] | None = None

    @property
    def facing(self) -> Facing:
        """What adapters must know, by the playbook in force."""
        playbook = self._app.playbook
        if self._facing is None or self._facing[0] != playbook.hash:
            self._facing = playbook.hash, facing_of(playbook)
        return self._facing[1]

    @property
    def now(self) -> datetime:
        """What our clock says."""
        return to_datetime(self._app.clock.now())

    async def take(
        self,
        door: str,
        items: Sequence[T],
        adapt: Callable[[T], NewSignal],
        *,
        trust: Trust = "claimed",
        whole: int = 0,
    ) -> list[Accepted]:
        """Adapt items and submit them; when it returns, what was accepted is on disk.

        Args:
            door: Which door they came through, for the metrics.
            items: As they came.
            adapt: Makes a signal of one; its `SegueError` refuses that one alone.
            trust: Whether a system of record speaks, or anybody could.
            whole: Size of the request in bytes: one below the limit of an event need not be measured again.

        Raises:
            BusyError: Nothing was accepted.
            StorageError: Some may be on disk; told again they are duplicates.
        """
        made = [_adapted(item, adapt, measure=whole > MAX_EVENT_BYTES) for item in items]
        signals = [replace(item, trust=trust) for item in made if isinstance(item, NewSignal)]
        receipts = iter(await self._app.submit(signals) if signals else [])
        found = [next(receipts) if isinstance(item, NewSignal) else item for item in made]
        self._metrics.taken(door, (item.state for item in found))
        return found


def _adapted(item: T, adapt: Callable[[T], NewSignal], *, measure: bool) -> NewSignal | Accepted:
    try:
        if measure and (size := _size(item)) > MAX_EVENT_BYTES:
            raise SignalError(f"the event holds {size:,} bytes, more than {MAX_EVENT_BYTES:,}")
        signal = adapt(item)
        if signal.source in OWN_SOURCES:
            raise SignalError(
                f"source `{signal.source}`: Segue's own doors speak as such; name the tool it is from"
            )
    except SegueError as error:
        return Accepted("", "refused", error)
    return signal


def _size(item: object) -> int:
    try:
        return len(_ENCODER.encode(item))
    except (UnicodeEncodeError, ValueError, TypeError, OverflowError):
        return 0  # What has no canonical form is refused for that when it is admitted.
