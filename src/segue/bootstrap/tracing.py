"""Traces: a span per stage of a signal's way, with its decision's id, where a tracer is configured.

The runtime knows nothing of it. Its functions are wrapped here, its journal is listened to, and without a
tracer none of that happens.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from opentelemetry import trace
from opentelemetry.trace import Span, Tracer

from segue.core.ports import Clock, Perceiver
from segue.core.records.context import Context, Wants
from segue.core.records.events import Stepped
from segue.core.records.memory import Links
from segue.core.records.percepts import Percept
from segue.core.records.signals import Signal
from segue.core.units import Instant
from segue.runtime.hooks import Hook
from segue.runtime.tenant import Mind

_NS = 1_000
_SIGNAL, _DECISION = "segue.signal_id", "segue.decision_id"


@dataclass(slots=True)
class _Walk:
    """One signal's stages so far: name, begin and end of each."""

    stages: list[tuple[str, Instant, Instant]] = field(default_factory=list)
    decision_id: str = ""


class Tracing:
    """Makes spans of what the runtime does; used by the one writer, but for `accepting`.

    Args:
        tracer: Where they go.
        clock: The tenant's clock.
    """

    def __init__(self, tracer: Tracer, clock: Clock) -> None:
        self._tracer, self._clock = tracer, clock
        self._walks: dict[str, _Walk] = {}
        self._wanted_at = self._committing_at = Instant(0)

    def mind(self, mind: Mind) -> Mind:
        """The same functions, timed."""

        def wants(signal: Signal, links: Links) -> Wants:
            wanted = mind.wants(signal, links)
            self._wanted_at = self._clock.now()
            return wanted

        def step(context: Context, signal: Signal, percept: Percept | None) -> Stepped:
            began = self._clock.now()
            walk = self._walks.setdefault(signal.id, _Walk())
            walk.stages = [stage for stage in walk.stages if stage[0] == "perceive"]
            walk.stages.append(("context", self._wanted_at, began))
            stepped = mind.step(context, signal, percept)
            walk.stages.append(("step", began, self._clock.now()))
            walk.decision_id = stepped.decision.id if stepped.decision is not None else ""
            return stepped

        return replace(
            mind, wants=wants, step=step, perceiver=_Timed(mind.perceiver, self._perceived, self._clock)
        )

    def hook(self, hook: Hook) -> Hook:
        """The same hook; the commit of steps is timed between two of its points."""

        def at(point: str) -> None:
            if point == "before_step_commit":
                self._committing_at = self._clock.now()
            hook(point)
            if point == "after_step_commit":
                self._committed()

        return at

    def note(self, event: str, fields: Mapping[str, Any]) -> None:
        """A span for each attempt of an effect."""
        if event != "attempt":
            return
        told = {
            _DECISION: str(fields["decision"]),
            "segue.effect_id": str(fields["effect"]),
            "segue.connector": str(fields["connector"]),
            "segue.state": str(fields["state"]),
        }
        began, ended = fields["started_at"], fields["ended_at"]
        self._span("dispatch", began, began if ended is None else ended, told)

    @contextmanager
    def accepting(self, signal_ids: Sequence[str]) -> Iterator[None]:
        """A span around the acceptance of a batch; of one signal alone it names the signal."""
        told: dict[str, str | int] = {"segue.signals": len(signal_ids)}
        if len(signal_ids) == 1:
            told[_SIGNAL] = signal_ids[0]
        began = self._clock.now()
        try:
            yield
        finally:
            self._span("accept", began, self._clock.now(), told)

    def _perceived(self, signal_id: str, began: Instant, ended: Instant) -> None:
        self._walks[signal_id] = _Walk([("perceive", began, ended)])

    def _committed(self) -> None:
        now = self._clock.now()
        walks, self._walks = self._walks, {}
        for signal_id, walk in walks.items():
            stages = [*walk.stages, ("commit", self._committing_at, now)]
            told = {_SIGNAL: signal_id} | ({_DECISION: walk.decision_id} if walk.decision_id else {})
            whole = self._begun("signal", stages[0][1], told)
            for name, began, ended in stages:
                self._span(name, began, ended, told, within=whole)
            whole.end(now * _NS)

    def _begun(
        self, name: str, began: Instant, told: Mapping[str, str | int], within: Span | None = None
    ) -> Span:
        context = trace.set_span_in_context(within) if within is not None else None
        return self._tracer.start_span(
            f"segue.{name}", context=context, start_time=began * _NS, attributes=dict(told)
        )

    def _span(
        self,
        name: str,
        began: Instant,
        ended: Instant,
        told: Mapping[str, str | int],
        within: Span | None = None,
    ) -> None:
        self._begun(name, began, told, within).end(ended * _NS)


class _Timed:
    """A perceiver whose reading is timed."""

    def __init__(self, perceiver: Perceiver, perceived: Any, clock: Clock) -> None:  # noqa: ANN401 - a method above
        self._perceiver, self._perceived, self._clock = perceiver, perceived, clock
        self.model = perceiver.model

    def perceive(self, signal: Signal, known_names: Sequence[str] = ()) -> Percept | None:
        began = self._clock.now()
        percept = self._perceiver.perceive(signal, known_names)
        self._perceived(signal.id, began, self._clock.now())
        return percept


def tracing_of(clock: Clock) -> Tracing | None:
    """Tracing, where a tracer provider is configured; None without one, and nothing is wrapped."""
    provider = trace.get_tracer_provider()
    if isinstance(provider, trace.ProxyTracerProvider | trace.NoOpTracerProvider):
        return None
    return Tracing(provider.get_tracer("segue"), clock)
