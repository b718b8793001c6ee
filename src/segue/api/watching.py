"""Watching requests: how each ended and how long it took, for the metrics and for one line of the journal."""

from segue.api.access import Caller
from segue.api.metrics import Metrics
from segue.bootstrap import App
from segue.core.ports import Clock
from segue.core.units import SECOND, Instant


class Watch:
    """Told of every request of the API.

    A line names operation, status, time and key; no path, since paths name people.

    Args:
        app: Its journal takes the lines.
        metrics: Counts them.
        clock: The system's clock.
    """

    def __init__(self, app: App, metrics: Metrics, clock: Clock) -> None:
        self._app, self._metrics, self._clock = app, metrics, clock

    def begin(self) -> Instant:
        """When a request came."""
        return self._clock.now()

    def end(self, operation: str, status: int, caller: Caller | None, began: Instant) -> None:
        """A request was answered."""
        took = max(0, self._clock.now() - began)
        self._metrics.asked(operation, status, took / SECOND)
        fields = {
            "operation": operation,
            "status": status,
            "took_us": took,
            "key": caller.id if caller else "",
        }
        self._app.note("request", fields)
