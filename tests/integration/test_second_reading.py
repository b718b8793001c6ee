"""A message that is not understood, read a second time by a language model: the whole house, real HTTP."""

import importlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import segue
from segue.bootstrap import language_model as of_bootstrap
from segue.bootstrap import read_home, rebuild, replay
from segue.core.errors import AmbiguousError, InputError
from segue.core.ports import Connector, Limits, Receipt, Reply, Request
from segue.core.records.context import LedgerRow
from segue.core.records.decisions import Decision
from segue.core.records.effects import EffectClass
from segue.playbook import PlaybookErrors, load
from tests.llmserver import Answer, completion, reading, refused, scripted

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
"""A Monday morning, in hours in which Ann may be written to."""

CZECH = "Dobrý den, kolik by stál tarif pro čtyřicet lidí? Ann Novak, ann@x.io, +420 601 123 456"
FIRST, TOLD = "hand_to_human", "tell_human"
"""What is decided at first on a message in a language that the encoder does not read."""
PRICING = ("pricing_question", "kolik by stál tarif")


@pytest.fixture(scope="module", autouse=True)
def _client_is_loaded() -> None:
    """Loading takes seconds, which would count as the first server's."""
    importlib.import_module("segue.llm.asking")


def a_home(path: Path, url: str, **more: str) -> Path:
    """A home whose playbook asks a model at this address."""
    settings = {
        "enabled": "true",
        "url": url,
        "model": "small",
        "price": "{input: EUR 0.15, output: EUR 0.60}",
        "per_decision": "{tokens: 20000, money: EUR 0.05}",
        "per_day": "{tokens: 200000, money: EUR 2}",
    }
    segue.create_home(path)
    file = path / "playbook" / "settings.yaml"
    lines = [f"  {name}: {value}" for name, value in (settings | more).items()]
    file.write_text("\n".join([file.read_text(), "llm:", *lines, ""]), encoding="utf-8")
    return path


def profile(source_id: str = "p") -> segue.Signal:
    facts = {"name": "Ann Novak", "email": "ann@x.io", "phone": "+420601123456", "time_zone": "Europe/Prague"}
    return a_signal(source_id, "profile.updated", {"facts": facts})


def consent() -> segue.Signal:
    return a_signal("c", "consent.changed", {"channel": "email", "state": "granted"})


def a_signal(source_id: str, kind: str, body: dict[str, Any]) -> segue.Signal:
    return segue.Signal("crm", source_id, kind, ["email:ann@x.io"], START, body)


def message(text: str = CZECH, source_id: str = "m") -> segue.Signal:
    return a_signal(source_id, "message.received", {"channel": "email", "text": text})


async def lived(
    home: Path, *messages: segue.Signal, minutes: int = 2, own: Mapping[str, Connector] | None = None
) -> list[Receipt]:
    """Receipts of all decisions, oldest first, after the messages came in."""
    async with segue.open(home, clock=segue.VirtualClock(START), own=own) as app:
        await app.submit([profile()])
        await app.settle(until=START + timedelta(minutes=1))
        await app.submit(messages)
        await app.settle(until=START + timedelta(minutes=1 + minutes))
        assert app.dead_letters() == []
        return [app.explain(one.id) for one in reversed(app.decisions())]


def fates(receipt: Receipt) -> dict[str, str]:
    return {row.effect.action: row.state for row in receipt.ledger}


def rows(home: Path) -> list[LedgerRow]:
    with read_home(home) as known:
        found = [known.explain(one.id) for one in known.decisions()]
    return [row for receipt in found for row in receipt.ledger]


def totals(home: Path) -> dict[str, int]:
    """What is taken of the day's budgets, by the newest decision that looked."""
    with read_home(home) as known:
        decisions = known.decisions()
    return {read.name.split(":")[1]: read.value for read in shared(decisions) if read.name.startswith("llm:")}


def shared(decisions: Iterable[Decision]) -> list[Any]:
    return [read for decision in reversed(list(decisions)) for read in decision.shared]


async def test_what_the_model_understood_is_decided_anew_and_what_waited_is_cancelled(tmp_path: Path) -> None:
    with scripted(reading(PRICING)) as server:
        first, second = await lived(a_home(tmp_path, server.url), message())

    assert first.decision.action == FIRST
    assert first.decision.reading == "`small` reads it too; what was decided waits up to 5 s for it"
    assert fates(first) == {FIRST: "cancelled", TOLD: "cancelled", "read_again": "delivered"}
    assert second.decision.action == "answer_question"
    assert second.decision.reading == "it was understood on second reading"
    assert fates(second) == {"answer_question": "delivered"}
    assert second.signal.kind == "effect.settled"


@pytest.mark.parametrize(
    "answer",
    [completion("no"), refused(429), refused(500), completion("x" * 1_000_000), Answer(b"{}")],
    ids=["wrong schema", "429", "500", "1 MB", "empty"],
)
async def test_what_is_of_no_use_leaves_the_first_decision(tmp_path: Path, answer: Answer) -> None:
    with scripted(answer) as server:
        (only,) = await lived(a_home(tmp_path, server.url), message())

    asked = next(row for row in only.ledger if row.effect.action == FIRST)
    assert asked.state == "delivered"
    assert asked.attempts[0].started_at - only.decision.at == 4_500_000
    assert fates(only)["read_again"] in {"failed", "delivered"}


async def test_a_server_that_hangs_holds_nothing_up(tmp_path: Path) -> None:
    with scripted(Answer(hangs=True)) as server:
        (only,) = await lived(a_home(tmp_path, server.url, timeout="2s"), message())

    asked = next(row for row in only.ledger if row.effect.action == FIRST)
    read = next(row for row in only.ledger if row.effect.action == "read_again")
    assert (asked.state, read.state) == ("delivered", "failed")
    assert asked.attempts[0].started_at - only.decision.at == 1_500_000
    assert read.attempts[0].reply["spent"]["requests"] == 1


class Losing:
    """A model of which nobody ever hears again."""

    name = "llm"
    verbs: Mapping[str, EffectClass] = {"read": "K"}
    limits = Limits()

    async def perform(self, request: Request) -> Reply:
        raise AmbiguousError("the process ended during the attempt")

    async def look_up(self, request: Request) -> Reply | None:
        return None


async def test_a_reading_that_got_lost_is_nobodys_task(tmp_path: Path) -> None:
    (only,) = await lived(a_home(tmp_path, "http://localhost:1/v1"), message(), own={"llm": Losing()})

    assert fates(only) == {FIRST: "delivered", TOLD: "delivered", "read_again": "failed"}


async def test_personal_data_never_leaves(tmp_path: Path) -> None:
    with scripted(reading(PRICING)) as server:
        await lived(a_home(tmp_path, server.url), message(f"{CZECH} ANN NOVAK, novak@private.example"))

    sent = b"".join(server.requests)
    assert server.requests
    for secret in ("ann", "novak", "x.io", "601", "private.example"):
        assert secret.encode() not in sent.lower().replace(b"answer", b""), secret
    assert b"<NAME_1>" in sent
    assert b"<EMAIL_1>" in sent
    assert b"<EMAIL_2>" in sent
    assert b"<PHONE_1>" in sent


async def test_replay_asks_nobody_and_is_identical(tmp_path: Path) -> None:
    with scripted(reading(PRICING)) as server:
        await lived(a_home(tmp_path, server.url), message())
        asked = len(server.requests)

    again, rebuilt = replay(tmp_path), rebuild(tmp_path)

    assert asked == 1
    assert again.different == []
    assert again.identical == again.decisions == 2
    assert rebuilt.equal


async def test_the_reading_lies_on_the_customers_own_words(tmp_path: Path) -> None:
    with scripted(reading(PRICING, ("data_deletion", "Ann Novak"))) as server:
        _, second = await lived(a_home(tmp_path, server.url), message())

    heard = second.signal.body["heard"]
    (intent,) = heard["percept"]["intents"]
    assert CZECH[intent["start"] : intent["end"]] == "kolik by stál tarif"


async def test_what_a_day_may_cost_is_kept_to_and_the_receipt_says_so(tmp_path: Path) -> None:
    texts = [message("Kolik by stál tarif pro čtyřicet lidí?", f"m{n}") for n in range(6)]

    with scripted(reading(PRICING)) as server:
        home = a_home(tmp_path, server.url, per_day="{tokens: 12000, money: EUR 2}")
        receipts = await lived(home, *texts)

    not_asked = [one for one in receipts if "is not asked" in one.decision.reading]
    assert 0 < len(server.asked) < 6
    assert {one.decision.reading for one in not_asked} == {
        "`small` is not asked: the day's budget of 12,000 tokens is used up"
    }
    assert not_asked
    assert all(fates(one) == {"ask_back": "delivered"} for one in not_asked if one.ledger)
    assert totals(home)["tokens"] <= 12_000


async def test_a_day_is_charged_what_was_used_in_place_of_what_might_have_been(tmp_path: Path) -> None:
    with scripted(reading(PRICING)) as server:
        home = a_home(tmp_path, server.url)
        async with segue.open(home, clock=segue.VirtualClock(START)) as app:
            await app.submit([profile(), message()])
            await app.settle(until=START + timedelta(minutes=5))
            await app.submit([message("A kolik stojí faktura?", "m2")])
            await app.settle(until=START + timedelta(minutes=10))

    assert totals(home) == {"tokens": 1_100, "money": 21_000}


async def test_one_reading_that_could_cost_too_much_is_not_asked_for(tmp_path: Path) -> None:
    with scripted(reading(PRICING)) as server:
        home = a_home(tmp_path, server.url, per_decision="{tokens: 500, money: EUR 1}")
        (only,) = await lived(home, message())

    assert server.requests == []
    assert "one reading may use 500" in only.decision.reading
    assert only.ledger[0].attempts[0].started_at == only.decision.at


async def test_a_high_risk_calls_a_human_at_once_and_the_model_cannot_talk_it_away(tmp_path: Path) -> None:
    text = "My lawyer will contact you, we will see you in court."

    with scripted(reading(("thanks", "My lawyer"), mood="calm")) as server:
        (only,) = await lived(a_home(tmp_path, server.url), message(text))

    handed = next(row for row in only.ledger if row.effect.action == "hand_to_human")
    assert only.decision.reading == "`small` reads it too; nothing waits for it"
    assert handed.attempts[0].started_at == only.decision.at
    assert server.requests


async def test_a_wish_to_be_left_alone_that_only_the_model_saw_goes_to_a_human(tmp_path: Path) -> None:
    with scripted(reading(("opt_out", "už mi nic neposílejte"))) as server:
        home = a_home(tmp_path, server.url)
        first, second = await lived(home, message("Prosím, už mi nic neposílejte."))

    assert fates(first)[FIRST] == "cancelled"
    assert second.decision.action == "hand_to_human"
    with read_home(home) as known:
        facts = {fact.predicate for fact in known.person("email:ann@x.io").facts}
    assert not {name for name in facts if name.startswith("consent.")}


async def test_what_was_understood_is_not_read_again(tmp_path: Path) -> None:
    with scripted(reading(PRICING)) as server:
        (only,) = await lived(a_home(tmp_path, server.url), message("How much does the team plan cost?"))

    assert server.requests == []
    assert only.decision.reading == ""


async def test_nobody_is_asked_unless_it_is_switched_on(tmp_path: Path) -> None:
    with scripted(reading(PRICING)) as server:
        (only,) = await lived(a_home(tmp_path, server.url, enabled="false"), message())

    assert server.requests == []
    assert fates(only) == {FIRST: "delivered", TOLD: "delivered"}


async def test_where_nothing_fits_what_was_understood_the_first_decision_stands(tmp_path: Path) -> None:
    with scripted(reading(("thanks", "Dobrý den"))) as server:
        first, second = await lived(a_home(tmp_path, server.url), message())

    assert second.decision.action == "no_action"
    assert fates(first)[FIRST] == "delivered"


async def test_the_open_breaker_of_the_model_holds_up_nobody(tmp_path: Path) -> None:
    texts = [message(f"Kolik by stál tarif pro {n} lidí?", f"m{n}") for n in range(8)]

    with scripted(refused(429)) as server:
        receipts = await lived(a_home(tmp_path, server.url), *texts, minutes=30)

    assert len(server.requests) < 8
    asked = [row for one in receipts for row in one.ledger if row.effect.action == FIRST]
    assert asked
    assert all(row.state == "delivered" for row in asked)


def test_a_price_is_asked_for_where_others_run_the_model(tmp_path: Path) -> None:
    home = a_home(tmp_path, "https://api.openai.com/v1", price="null")

    with pytest.raises(PlaybookErrors, match="has a price; add `price` in `llm`"):
        load(home / "playbook")


async def test_without_the_extra_only_a_playbook_that_wants_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_bootstrap, "is_installed", lambda: False)
    off = a_home(tmp_path / "off", "http://localhost:1/v1", enabled="false")

    async with segue.open(off, clock=segue.VirtualClock(START)) as app:
        settings = off / "playbook" / "settings.yaml"
        settings.write_text(settings.read_text().replace("enabled: false", "enabled: true"))
        with pytest.raises(InputError, match=r"pip install 'segue\[llm\]'"):
            await app.reload()
        assert app.playbook.settings.llm is None
    with pytest.raises(InputError, match=r"pip install 'segue\[llm\]'"):
        async with segue.open(off):
            pass


async def test_a_colleagues_draft_that_waits_is_put_away(tmp_path: Path) -> None:
    with scripted(reading(PRICING)) as server:
        home = a_home(tmp_path, server.url)
        desk = home / "playbook" / "plays" / "service-desk.yaml"
        desk.write_text(desk.read_text().replace("autonomy: auto", "autonomy: approve"))
        first, second = await lived(home, message())

    assert [one.status for one in first.approvals] == ["expired"]
    assert [one.status for one in second.approvals] == ["pending"]
    assert set(fates(first).values()) <= {"cancelled", "delivered"}
    assert fates(first)["tell_human"] == "cancelled"
    assert fates(second)["tell_human"] == "delivered"
