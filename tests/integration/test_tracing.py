"""Traces: each stage of a signal's way is a span with its decision's id; without a tracer none is timed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import segue
from segue.bootstrap.tracing import tracing_of

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
STAGES = {"segue.perceive", "segue.context", "segue.step", "segue.commit"}


async def _live(path: Path) -> str:
    """Ann writes; the id of the decision that fell on her words."""
    body = {"channel": "email", "text": "Blub."}
    facts = {"facts": {"name": "Ann Lee", "email": "ann@x.io"}}
    async with segue.open(path, clock=segue.VirtualClock(START)) as app:
        await app.submit([segue.Signal("crm", "1", "profile.updated", ["email:ann@x.io"], START, facts)])
        await app.submit([segue.Signal("mail", "2", "message.received", ["email:ann@x.io"], START, body)])
        await app.settle(until=START + timedelta(hours=1))
        first = app.decisions("email:ann@x.io")[-1]
        assert first.action == "ask_back"
        return first.id


@pytest.fixture
def exporter(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """A tracer provider as an operator configures one."""
    kept, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    return kept


def told(span: ReadableSpan) -> dict[str, object]:
    return dict(span.attributes or {})


async def test_every_stage_of_a_decision_is_a_span_that_names_it(
    exporter: InMemorySpanExporter, tmp_path: Path
) -> None:
    decision_id = await _live(tmp_path / "home")

    spans = exporter.get_finished_spans()
    own = [span for span in spans if told(span).get("segue.decision_id") == decision_id]
    assert {*STAGES, "segue.signal", "segue.dispatch"} == {span.name for span in own}
    (whole,) = (span for span in own if span.name == "segue.signal")
    stages = [span for span in own if span.name in STAGES]
    assert {span.parent.span_id for span in stages if span.parent} == {whole.context.span_id}
    accepted = [told(span) for span in spans if span.name == "segue.accept"]
    assert told(whole)["segue.signal_id"] in {item.get("segue.signal_id") for item in accepted}


async def test_a_trace_holds_no_words_of_people(exporter: InMemorySpanExporter, tmp_path: Path) -> None:
    await _live(tmp_path / "home")

    texts = [str(told(span)) for span in exporter.get_finished_spans()]
    assert texts
    assert not [text for text in texts if "ann@x.io" in text or "Blub" in text]


async def test_traced_and_untraced_decide_the_same(
    exporter: InMemorySpanExporter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = segue.IdKey(b"the same id key of 32 bytes.....")
    decided = []
    for name in ("traced", "plain"):
        async with segue.open(tmp_path / name, clock=segue.VirtualClock(START), id_key=key) as app:
            body = {"channel": "email", "text": "Blub."}
            await app.submit([segue.Signal("mail", "2", "message.received", ["user:1"], START, body)])
            await app.settle(until=START + timedelta(hours=1))
            decided.append([decision.id for decision in app.decisions()])
        monkeypatch.undo()

    assert decided[0] == decided[1]
    assert decided[0]


def test_without_a_provider_nothing_is_traced() -> None:
    assert tracing_of(segue.VirtualClock(START)) is None
