"""The ledger: what becomes of an effect by its class, the connector's answer, policy and crashes."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import pytest

from segue.core.errors import AmbiguousError, RefusedError, RetryError
from segue.core.ports import Limits, Reply, Request
from segue.core.records.context import Context, LedgerRow
from segue.core.records.decisions import Match, Verdict
from segue.core.records.effects import Attempt
from segue.core.records.events import Attempted
from segue.core.records.memory import Fact
from segue.core.records.signals import Kind, Signal
from segue.core.units import HOUR, Instant
from tests.unit.runtime.fakes import FakeConnector, a_mind, a_signal, after, an_effect, sends
from tests.unit.runtime.harness import Rig


def failing(error: Exception, times: int = 1) -> Callable[[Request], None]:
    """Fail the first `times` attempts."""

    def script(request: Request) -> None:
        if request.attempt <= times:
            raise error

    return script


async def run(mail: FakeConnector, seconds: float = 3600, **effect: Any) -> Rig:
    """Let one effect run its course."""
    rig = Rig(a_mind(sends(**effect)), mail)
    await rig.submit(a_signal())
    await rig.settle(seconds)
    return rig


async def test_a_refusal_is_never_retried() -> None:
    mail = FakeConnector(script=failing(RefusedError("no such address")))

    rig = await run(mail)

    assert rig.attempts == ["failed"]
    assert rig.signals("effect.settled")[0]["detail"] == "no such address"


async def test_what_certainly_did_not_happen_is_retried_with_the_same_key_after_the_time_asked_for() -> None:
    times: list[Instant] = []

    def script(request: Request) -> None:
        times.append(rig.clock.now())
        if request.attempt == 1:
            raise RetryError("busy", retry_after_s=120)

    mail = FakeConnector(script=script)
    rig = Rig(a_mind(sends()), mail)
    await rig.submit(a_signal())
    await rig.settle(3600)

    assert times[1] - times[0] == pytest.approx(120_000_000, abs=10)
    assert len({request.key for request in mail.asked}) == 1
    assert rig.attempts == ["retry", "delivered"]


async def test_retries_end_at_the_deadline() -> None:
    mail = FakeConnector(script=failing(RetryError("busy"), times=1_000))

    rig = await run(mail, deadline_at=after(600))

    assert rig.states == ["failed"]
    assert set(rig.attempts[:-1]) == {"retry"}
    assert [body["state"] for body in rig.signals("effect.settled")] == ["failed"]


async def test_a_keyed_effect_is_retried_with_its_key_after_a_lost_reply() -> None:
    mail = FakeConnector("K", script=failing(AmbiguousError("reset")))

    rig = await run(mail)

    assert rig.attempts == ["unknown", "delivered"]
    assert [request.attempt for request in mail.asked] == [1, 2]


async def test_an_effect_with_a_natural_key_is_looked_up_before_it_is_done_again() -> None:
    mail = FakeConnector("N", script=failing(AmbiguousError("reset")))

    rig = await run(mail, effect_class="N")

    assert len(mail.looked_up) == 1
    assert rig.attempts == ["unknown", "pending", "delivered"]


async def test_what_a_look_up_finds_is_not_done_again() -> None:
    mail = FakeConnector("N", script=failing(AmbiguousError("reset")), found=lambda _: Reply("found"))

    rig = await run(mail, effect_class="N")

    assert len(mail.asked) == 1
    assert rig.states == ["delivered"]


async def test_an_effect_without_a_key_is_never_retried_blindly() -> None:
    mail = FakeConnector("U", script=failing(AmbiguousError("reset")))

    rig = await run(mail, effect_class="U", seconds=7200)

    assert len(mail.asked) == 1
    assert len(mail.looked_up) > 1
    assert rig.states == ["unknown"]
    told = rig.signals("effect.settled")
    assert [(body["state"], body.get("final")) for body in told] == [("unknown", None), ("unknown", True)]


async def test_the_class_the_connector_declares_outranks_the_one_the_playbook_says() -> None:
    mail = FakeConnector("U", script=failing(AmbiguousError("reset")))

    rig = await run(mail, effect_class="K")

    assert len(mail.asked) == 1
    assert rig.states == ["unknown"]


async def test_a_look_up_reconciles_an_effect_without_a_key() -> None:
    mail = FakeConnector("U", script=failing(AmbiguousError("reset")), found=lambda _: Reply("found"))

    rig = await run(mail, effect_class="U")

    assert rig.attempts == ["unknown", "delivered"]
    assert [body["state"] for body in rig.signals("effect.settled")] == ["unknown", "delivered"]


async def test_a_reply_after_the_deadline_counts_as_lost() -> None:
    mail = FakeConnector("U", script=lambda _: rig.clock.sleep(31))
    rig = Rig(a_mind(sends(effect_class="U")), mail)
    await rig.submit(a_signal())
    await rig.settle(60)

    assert rig.attempts[0] == "unknown"
    assert "30 s" in rig.signals("effect.settled")[0]["detail"]


async def test_a_connectors_bug_is_an_ambiguity() -> None:
    mail = FakeConnector("K", script=failing(KeyError("oops")))

    rig = await run(mail)

    assert rig.attempts == ["unknown", "delivered"]


async def test_an_attempt_is_on_the_ledger_before_the_call() -> None:
    open_before: list[int] = []

    def script(_: Request) -> None:
        with rig.store.read() as reader:
            open_before.append(len(reader.open_attempts()))

    rig = Rig(a_mind(sends()), FakeConnector(script=script))
    await rig.submit(a_signal())
    await rig.settle(60)

    assert open_before == [1]


@pytest.mark.parametrize(("effect_class", "asked", "looked_up"), [("K", 1, 0), ("N", 0, 1), ("U", 0, 1)])
async def test_an_attempt_a_crash_left_open_follows_the_rule_of_its_class(
    effect_class: Any, asked: int, looked_up: int
) -> None:
    mail = FakeConnector(effect_class, found=lambda _: Reply("found"))
    rig = Rig(a_mind(sends(effect_class=effect_class)), mail)
    await rig.submit(a_signal())
    rig.parts.steps.run_batch()
    (row,) = rig.store.state.effects.values()
    with rig.store.write() as unit:
        unit.record(Attempted(Attempt(row.effect.id, 1, after(0)), row.effect.subject))

    await rig.driver.start()
    await rig.settle(60)

    assert (len(mail.asked), len(mail.looked_up)) == (asked, looked_up)
    assert rig.states == ["delivered"]


async def test_what_policy_forbids_at_dispatch_is_cancelled_and_decided_again() -> None:
    def recheck(row: LedgerRow, context: Context, now: Instant) -> Verdict:
        return Verdict((Match("opted-out", "forbid", "the person said stop"),))

    mail = FakeConnector()
    rig = Rig(a_mind(sends(), recheck), mail)
    await rig.submit(a_signal())
    await rig.settle(60)

    assert not mail.asked
    assert rig.states == ["cancelled"]
    (body,) = rig.signals("effect.refused")
    assert (body["rule"], body["because"]) == ("opted-out", "the person said stop")


async def test_what_policy_defers_at_dispatch_is_decided_again() -> None:
    def recheck(row: LedgerRow, context: Context, now: Instant) -> Verdict:
        return Verdict((Match("quiet", "defer", "night"),), defer_until=Instant(now + HOUR))

    rig = Rig(a_mind(sends(), recheck), FakeConnector())
    await rig.submit(a_signal())
    await rig.settle(60)

    assert rig.states == ["cancelled"]
    assert rig.signals("effect.refused")[0]["rule"] == "quiet"


async def test_a_check_that_fails_sends_nothing() -> None:
    def recheck(row: LedgerRow, context: Context, now: Instant) -> Verdict:
        raise LookupError("no such fact")

    mail = FakeConnector()
    rig = Rig(a_mind(sends(), recheck), mail)
    await rig.submit(a_signal())
    await rig.settle(60)

    assert not mail.asked
    assert rig.states == ["failed"]


async def test_the_kill_switch_stops_what_reaches_customers_until_it_is_lifted() -> None:
    def decide(context: Context, signal: Signal) -> Mapping[str, Any]:
        if signal.kind is Kind.PAGE_VIEWED:
            purpose = signal.body["path"].strip("/")
            return {"effects": (an_effect(context, signal, purpose=purpose, arguments={"purpose": purpose}),)}
        if "on" in signal.body:
            return {
                "facts": (
                    Fact("tenant", "kill_switch", signal.body["on"], context.now, "verified", signal.id),
                )
            }
        return {}

    mail = FakeConnector()
    rig = Rig(a_mind(decide), mail)
    await rig.submit(a_signal("on", kind="form.submitted", body={"on": True}))
    await rig.submit(a_signal("1", body={"path": "/commercial"}))
    await rig.submit(a_signal("2", body={"path": "/mandatory"}, who="user:2"))
    await rig.submit(a_signal("3", body={"path": "/internal"}, who="user:3"))
    await rig.settle(60)
    sent_while_on = [request.arguments["purpose"] for request in mail.asked]
    await rig.submit(a_signal("off", kind="form.submitted", body={"on": False}))
    await rig.settle(120)

    assert sent_while_on == ["mandatory", "internal"]
    assert [request.arguments["purpose"] for request in mail.asked][2:] == ["commercial"]


async def test_a_broken_connector_does_not_slow_another() -> None:
    def decide(context: Context, signal: Signal) -> Mapping[str, Any]:
        if signal.kind is not Kind.PAGE_VIEWED:
            return {}
        return {"effects": (an_effect(context, signal, connector=signal.body["path"].strip("/")),)}

    broken = FakeConnector(name="broken", script=lambda _: rig.clock.sleep(3600))
    mail = FakeConnector(name="mail")
    rig = Rig(a_mind(decide), broken, mail)
    await rig.submit(*(a_signal(f"b{n}", who=f"user:b{n}", body={"path": "/broken"}) for n in range(300)))
    await rig.submit(*(a_signal(f"m{n}", who=f"user:m{n}", body={"path": "/mail"}) for n in range(20)))
    await rig.settle(20)

    assert len(mail.asked) == 20


async def test_what_is_overdue_fails_also_while_its_connector_takes_no_call() -> None:
    def decide(context: Context, signal: Signal) -> Mapping[str, Any]:
        if signal.kind is not Kind.PAGE_VIEWED:
            return {}
        return {"effects": (an_effect(context, signal, deadline_at=after(10)),)}

    mail = FakeConnector(script=lambda _: rig.clock.sleep(3600), limits=Limits(concurrent=1))
    rig = Rig(a_mind(decide), mail)
    await rig.submit(a_signal("1", who="user:u1"), a_signal("2", who="user:u2"))
    await rig.settle(5)
    before = rig.states
    await rig.settle(15)
    await rig.settle()

    assert before == ["pending", "pending"]
    assert rig.states == ["pending", "failed"]
    assert len(mail.asked) == 1


async def test_the_breaker_opens_after_five_failures_and_a_probe_closes_it() -> None:
    down = True

    def script(_: Request) -> None:
        if down:
            raise RetryError("down", retry_after_s=1)

    mail = FakeConnector(script=script, limits=Limits(concurrent=1))
    rig = Rig(a_mind(sends()), mail)
    await rig.submit(*(a_signal(str(n), who=f"user:u{n}") for n in range(30)))
    await rig.settle(1)
    asked_while_down = len(mail.asked)
    down = False
    await rig.settle(600)

    assert asked_while_down == 5
    assert set(rig.states) == {"delivered"}


async def test_a_rate_limit_spreads_calls_over_the_clock() -> None:
    times: list[Instant] = []
    mail = FakeConnector(
        script=lambda _: times.append(rig.clock.now()), limits=Limits(per_second=1.0, burst=1)
    )
    rig = Rig(a_mind(sends()), mail)
    await rig.submit(*(a_signal(str(n), who=f"user:u{n}") for n in range(5)))
    await rig.settle(60)

    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert gaps == pytest.approx([1_000_000] * 4, abs=10)


async def test_effects_of_one_subject_keep_their_order_through_a_retry() -> None:
    order: list[str] = []

    def script(request: Request) -> None:
        order.append(request.arguments["n"])
        if order == ["1"]:
            raise RetryError("busy", retry_after_s=30)

    def decide(context: Context, signal: Signal) -> Mapping[str, Any]:
        if signal.kind is not Kind.PAGE_VIEWED:
            return {}
        return {"effects": (an_effect(context, signal, arguments={"n": signal.source_id}),)}

    rig = Rig(a_mind(decide), FakeConnector(script=script))
    await rig.submit(a_signal("1"), a_signal("2"))
    await rig.settle(120)

    assert order == ["1", "1", "2"]


async def test_an_effect_for_a_missing_connector_fails() -> None:
    rig = await run(FakeConnector(name="other"))

    assert rig.states == ["failed"]


async def test_stopping_during_a_call_leaves_no_attempt_open() -> None:
    mail = FakeConnector("U", script=lambda _: rig.clock.sleep(20))
    rig = Rig(a_mind(sends(effect_class="U")), mail)
    await rig.submit(a_signal())
    await rig.settle(1)

    await rig.driver.stop()

    assert rig.states == ["unknown"]
