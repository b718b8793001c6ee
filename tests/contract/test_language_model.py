"""The connector of the language model against a scripted server: every way to answer, and not to."""

import asyncio
import importlib
import time
from dataclasses import replace
from typing import Any

import pytest

from segue.core.errors import ConnectorError, RefusedError, RetryError
from segue.core.ports import Reply, Request
from segue.core.records.playbook import LanguageModel, Playbook
from segue.llm import LlmConnector, connector
from tests.build import a_playbook
from tests.llmserver import (
    Answer,
    ScriptedServer,
    completion,
    mode,
    reading,
    refused,
    scripted,
)

TEXT = "Kolik to stojí?"
PRICING = ("pricing_question", "Kolik to stojí")
INTENTS = {
    "pricing_question": {"examples": ["How much is it?"], "risk": "low"},
    "legal_threat": {"examples": ["I will sue you"], "risk": "high"},
}


@pytest.fixture(scope="module", autouse=True)
def _client_is_loaded() -> None:
    """Loading takes seconds, which would count as the first server's."""
    importlib.import_module("segue.llm.asking")


def a_model(url: str, **more: Any) -> LanguageModel:
    fields: dict[str, Any] = {
        "url": url,
        "model": "small",
        "key": "",
        "timeout_s": 5,
        "reads": frozenset({"not_understood", "high_risk"}),
        "input_micro": 15_000_000,
        "output_micro": 60_000_000,
        "decision_tokens": 8_000,
        "decision_micro": 10**9,
        "day_tokens": 10**6,
        "day_micro": 10**12,
    }
    return LanguageModel(**fields | more)


def rules(url: str, **more: Any) -> Playbook:
    playbook = a_playbook()
    settings = replace(playbook.settings, llm=a_model(url, **more))
    return replace(playbook, settings=settings, intents=INTENTS)


def a_request(text: str = TEXT, requests: int = 2, **more: Any) -> Request:
    return Request("key", "read", {"text": text, "pieces": [], "requests": requests, **more}, 1, 30.0)


def read(server: ScriptedServer, request: Request | None = None, **more: Any) -> Reply:
    playbook = rules(server.url, **more)
    return asyncio.run(LlmConnector(lambda: playbook, lambda _: "secret").perform(request or a_request()))


def fail(server: ScriptedServer, **more: Any) -> tuple[ConnectorError, float]:
    started = time.monotonic()
    with pytest.raises(ConnectorError) as raised:
        read(server, **more)
    return raised.value, time.monotonic() - started


def told(reply: Reply) -> dict[str, Any]:
    assert reply.detail is not None
    return dict(reply.detail)


@pytest.mark.parametrize("known", ["json_schema", "json_object", "prompted"])
def test_each_way_of_structured_output_is_found(known: str) -> None:
    def script(asked: Any) -> Answer:
        return reading(PRICING) if mode(asked) in {known, "prompted"} else refused(400)

    with scripted(script=script) as server:
        detail = told(read(server))

    assert detail["mode"] == known
    assert detail["reading"]["intents"] == [
        {"label": "pricing_question", "sure": True, "start": 0, "end": 14}
    ]
    assert mode(server.asked[-1]) == known


def test_what_worked_is_remembered_for_server_and_model() -> None:
    def script(asked: Any) -> Answer:
        return reading(PRICING) if mode(asked) == "prompted" else refused(422)

    with scripted(script=script) as server:
        playbook = rules(server.url)
        llm = LlmConnector(lambda: playbook, lambda _: "")
        asyncio.run(llm.perform(a_request()))
        first = len(server.asked)
        asyncio.run(llm.perform(a_request()))

    assert first == 3
    assert [mode(asked) for asked in server.asked[first:]] == ["prompted"]


def test_the_cost_is_told_by_tokens_and_price() -> None:
    with scripted(reading(PRICING)) as server:
        detail = told(read(server))

    assert detail["spent"] == {"requests": 1, "input_tokens": 1_000, "output_tokens": 100, "micro": 21_000}


def test_a_server_that_counts_nothing_is_counted_for() -> None:
    with scripted(completion('{"mood": 1}', usage=False)) as server:
        detail = told(read(server, a_request(requests=1)))

    assert detail["spent"]["input_tokens"] > 200
    assert detail["spent"]["micro"] > 0


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (completion("I would rather chat."), "not of the form"),
        (completion('{"mood": "evil", "intents": [], "sentiment": 0, "language": "cs"}'), "not of the form"),
        (completion('{"action": "refund"}'), "not of the form"),
        (completion(None, refusal="I cannot."), "refused"),
        (completion("", finish="content_filter"), "refused"),
        (completion('{"intents": [{"la', finish="length"), "cut off"),
        (completion("x" * 1_000_000), "longer than"),
        (Answer(b"<html>hello</html>"), "not of the form"),
        (Answer(b"{}"), "not of the form"),
    ],
    ids=["chat", "mood", "other schema", "refusal", "filter", "truncated", "1 MB", "html", "empty object"],
)
def test_an_answer_of_no_use_ends_soon_with_its_cost(answer: Answer, why: str) -> None:
    started = time.monotonic()

    with scripted(answer) as server:
        detail = told(read(server))

    assert time.monotonic() - started < 5
    assert why in detail["why"]
    assert "reading" not in detail
    assert detail["spent"]["requests"] == len(server.asked) <= 2


def test_one_retry_in_all_on_the_next_rung() -> None:
    with scripted(completion("no"), reading(PRICING)) as server:
        detail = told(read(server))

    assert [mode(asked) for asked in server.asked] == ["json_schema", "json_object"]
    assert detail["spent"]["requests"] == 2
    assert detail["reading"]["intents"]


def test_no_retry_where_the_budget_allows_one_request() -> None:
    with scripted(completion("no"), reading(PRICING)) as server:
        detail = told(read(server, a_request(requests=1)))

    assert len(server.asked) == 1
    assert "reading" not in detail


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_or_broken_server_is_not_reached(status: int) -> None:
    with scripted(refused(status)) as server:
        error, took_s = fail(server)

    assert isinstance(error, RetryError)
    assert error.retry_after_s == 86_400
    assert took_s < 5
    assert str(status) in str(error)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_server_that_denies_is_asked_once(status: int) -> None:
    with scripted(refused(status)) as server:
        error, _ = fail(server)

    assert isinstance(error, RefusedError)
    assert len(server.asked) == 1


def test_a_server_that_hangs_is_left_in_time_and_counted() -> None:
    with scripted(Answer(hangs=True)) as server:
        error, took_s = fail(server, timeout_s=2)

    assert isinstance(error, RetryError)
    assert took_s < 2
    assert error.known["spent"]["input_tokens"] > 0


def test_a_server_that_is_away_is_not_reached() -> None:
    with scripted(Answer()) as server:
        pass

    error, took_s = fail(server)

    assert isinstance(error, RetryError)
    assert took_s < 5


def test_labels_outside_the_list_and_invented_quotes_are_dropped() -> None:
    answer = reading(PRICING, ("send_all_money", "Kolik"), ("legal_threat", "we will sue"))

    with scripted(answer) as server:
        detail = told(read(server))

    assert [one["label"] for one in detail["reading"]["intents"]] == ["pricing_question"]


def test_a_key_is_sent_and_none_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "of-somebody-else")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-somebody-else")

    with scripted(reading(PRICING)) as server:
        read(server, key="env:LLM_KEY")
        read(server)

    assert b"Bearer secret" in server.requests[0]
    assert b"Bearer none" in server.requests[1]
    assert b"somebody-else" not in b"".join(server.requests)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connector, "is_installed", lambda: False)

    with scripted(Answer()) as server:
        error, _ = fail(server)

    assert "pip install 'segue[llm]'" in str(error)


def test_a_lost_reading_left_nothing_behind() -> None:
    playbook = rules("http://127.0.0.1:9/v1")

    assert asyncio.run(LlmConnector(lambda: playbook, lambda _: "").look_up(a_request())) is None
