"""Metrics of one tenant for Prometheus; labels hold names of Segue's own parts and never a person."""

from collections import Counter as Tally
from collections.abc import Iterable, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """Counts and timings, with a registry of their own; `docs/api.md` names them all."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            *("segue_http_requests", "Requests of the API, by operation and HTTP status."),
            labelnames=("operation", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            *("segue_http_request_seconds", "How long requests took, by operation."),
            labelnames=("operation",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._signals = Counter(
            *("segue_signals", "Signals taken in over HTTP, by door and what became of them."),
            labelnames=("door", "state"),
            registry=self._registry,
        )
        self._decisions = Counter(
            *("segue_decisions", "Decisions, by question and mode."),
            labelnames=("question", "mode"),
            registry=self._registry,
        )
        self._attempts = Counter(
            *("segue_attempts", "Attempts of effects, by connector and how they ended."),
            labelnames=("connector", "state"),
            registry=self._registry,
        )
        self._dead_letters = Counter(
            "segue_dead_letters", "Signals that could not be stepped.", registry=self._registry
        )
        self.running = Gauge(
            "segue_running", "1 while signals are taken in, else 0.", registry=self._registry
        )
        self.listeners = Gauge(
            "segue_stream_listeners", "Who listens to the stream of decisions.", registry=self._registry
        )

    def asked(self, operation: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(operation, str(status)).inc()
        self._seconds.labels(operation).observe(seconds)

    def taken(self, door: str, states: Iterable[str]) -> None:
        """Count what became of signals."""
        for state, count in Tally(states).items():
            self._signals.labels(door, state).inc(count)

    def note(self, event: str, fields: Mapping[str, Any]) -> None:
        """Count what the runtime tells; called in the writer's thread."""
        if event == "decision":
            self._decisions.labels(str(fields["question"]), str(fields["mode"])).inc()
        elif event == "attempt":
            self._attempts.labels(str(fields["connector"]), str(fields["state"])).inc()
        elif event == "dead_letter":
            self._dead_letters.inc()

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self._registry)
