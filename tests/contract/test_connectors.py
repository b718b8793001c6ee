"""One suite for every connector: what its verbs' effect classes promise holds, also when things go wrong."""

import asyncio
from typing import Any

import pytest

from segue.connectors.sandbox import Fault, SandboxCompany
from segue.connectors.sandbox.company import VERBS
from segue.core.errors import AmbiguousError, ConnectorError, RefusedError, RetryError
from segue.core.ports import Connector, Reply, Request
from segue.core.units import HOUR, SECOND, Instant, to_datetime
from segue.runtime.clock import VirtualClock
from tests.build import NOW

EVERY = [(name, verb) for name, verbs in VERBS.items() for verb in verbs]
KEYED = [(name, verb) for name, verb in EVERY if VERBS[name][verb] == "K"]
NATURAL = [(name, verb) for name, verb in EVERY if VERBS[name][verb] == "N"]
NEITHER = [(name, verb) for name, verb in EVERY if VERBS[name][verb] == "U"]
CHANGING = ("move", "cancel")
MAKING = [(name, verb) for name, verb in EVERY if verb not in CHANGING]
"""All but the verbs that change an event, which has to be there."""


@pytest.fixture
def company() -> Any:
    made = SandboxCompany(None, VirtualClock(to_datetime(NOW)))
    yield made
    made.close()


def a_request(verb: str, key: str = "key1", **arguments: Any) -> Request:
    return Request(key, verb, arguments or {"to": "ann@x.io", "text": "Hello"}, 1, 30.0)


def tool(company: SandboxCompany, name: str) -> Connector:
    return company.connectors[name]


@pytest.mark.parametrize(("name", "verb"), MAKING)
async def test_what_was_done_is_kept_with_its_arguments(
    company: SandboxCompany, name: str, verb: str
) -> None:
    reply = await tool(company, name).perform(a_request(verb))

    (done,) = company.done()
    assert done.reference == reply.reference
    assert (done.connector, done.verb, dict(done.arguments)) == (
        name,
        verb,
        {"to": "ann@x.io", "text": "Hello"},
    )


@pytest.mark.parametrize(("name", "verb"), [item for item in [*KEYED, *NATURAL] if item in MAKING])
async def test_the_same_key_again_does_nothing_twice(company: SandboxCompany, name: str, verb: str) -> None:
    first = await tool(company, name).perform(a_request(verb))
    again = await tool(company, name).perform(a_request(verb))

    assert again == first
    (done,) = company.done()
    assert done.repeats == 1


@pytest.mark.parametrize(("name", "verb"), KEYED)
async def test_a_key_with_other_arguments_is_refused(company: SandboxCompany, name: str, verb: str) -> None:
    await tool(company, name).perform(a_request(verb))

    with pytest.raises(RefusedError):
        await tool(company, name).perform(a_request(verb, to="bob@x.io"))


@pytest.mark.parametrize(("name", "verb"), NEITHER)
async def test_a_verb_without_a_key_really_does_it_twice(
    company: SandboxCompany, name: str, verb: str
) -> None:
    await tool(company, name).perform(a_request(verb))
    await tool(company, name).perform(a_request(verb))

    assert len(company.done()) == 2


@pytest.mark.parametrize(("name", "verb"), MAKING)
async def test_after_a_lost_reply_a_look_up_finds_what_was_done(
    company: SandboxCompany, name: str, verb: str
) -> None:
    company.fault(name, Fault("lose_reply"))

    with pytest.raises(AmbiguousError):
        await tool(company, name).perform(a_request(verb))

    found = await tool(company, name).look_up(a_request(verb))
    assert found == Reply(company.done()[0].reference)


@pytest.mark.parametrize(("name", "verb"), EVERY)
async def test_after_a_reset_there_is_nothing_to_find(company: SandboxCompany, name: str, verb: str) -> None:
    company.fault(name, Fault("reset"))

    with pytest.raises(AmbiguousError):
        await tool(company, name).perform(a_request(verb))

    assert await tool(company, name).look_up(a_request(verb)) is None


@pytest.mark.parametrize(("name", "verb"), MAKING)
@pytest.mark.parametrize(
    ("fault", "error"),
    [(Fault("fail", seconds=7), RetryError), (Fault("refuse"), RefusedError)],
    ids=["fail", "refuse"],
)
async def test_a_failure_does_nothing_and_is_over_after_its_times(
    company: SandboxCompany, name: str, verb: str, fault: Fault, error: type[ConnectorError]
) -> None:
    company.fault(name, fault)

    with pytest.raises(error) as caught:
        await tool(company, name).perform(a_request(verb))

    assert company.done() == []
    assert getattr(caught.value, "retry_after_s", 7) == 7
    await tool(company, name).perform(a_request(verb))
    assert len(company.done()) == 1


async def test_a_fault_may_speak_of_one_verb_and_last_until_it_is_cleared(company: SandboxCompany) -> None:
    company.fault("helpdesk", Fault("refuse", times=-1, verb="notify"))

    await tool(company, "helpdesk").perform(a_request("create_ticket"))
    for _ in range(3):
        with pytest.raises(RefusedError):
            await tool(company, "helpdesk").perform(a_request("notify", "key2"))
    company.clear_faults("helpdesk")
    await tool(company, "helpdesk").perform(a_request("notify", "key2"))

    assert [seen.outcome for seen in company.requests()] == ["done", "refused", "refused", "refused", "done"]


async def test_an_event_is_moved_and_cancelled_and_never_doubled(company: SandboxCompany) -> None:
    calendar = tool(company, "calendar")
    await calendar.perform(a_request("book", "k1", meeting="m1", starts_at="2026-10-08T10:00:00Z"))
    await calendar.perform(a_request("move", "k2", meeting="m1", starts_at="2026-10-09T10:00:00Z"))

    (event,) = company.events()
    assert event.arguments["starts_at"] == "2026-10-09T10:00:00Z"

    await calendar.perform(a_request("cancel", "k3", meeting="m1"))
    assert company.events() == []


@pytest.mark.parametrize("verb", CHANGING)
async def test_an_event_that_is_not_there_cannot_be_changed(company: SandboxCompany, verb: str) -> None:
    with pytest.raises(RefusedError, match="no event `m1`"):
        await tool(company, "calendar").perform(
            a_request(verb, meeting="m1", starts_at="2026-10-09T10:00:00Z")
        )

    assert company.done() == []


async def test_a_cancelled_event_cannot_be_moved(company: SandboxCompany) -> None:
    calendar = tool(company, "calendar")
    await calendar.perform(a_request("book", "k1", meeting="m1"))
    await calendar.perform(a_request("cancel", "k2", meeting="m1"))

    with pytest.raises(RefusedError):
        await calendar.perform(a_request("move", "k3", meeting="m1", starts_at="2026-10-09T10:00:00Z"))

    assert company.events() == []


@pytest.mark.parametrize("verb", CHANGING)
@pytest.mark.parametrize(("kind", "is_found"), [("reset", False), ("lose_reply", True)])
async def test_a_look_up_tells_whether_an_event_was_changed_as_wanted(
    company: SandboxCompany, *, verb: str, kind: Any, is_found: bool
) -> None:
    calendar = tool(company, "calendar")
    change = a_request(verb, "k2", meeting="m1", starts_at="2026-10-09T10:00:00Z")
    await calendar.perform(a_request("book", "k1", meeting="m1", starts_at="2026-10-08T10:00:00Z"))
    company.fault("calendar", Fault(kind))
    with pytest.raises(AmbiguousError):
        await calendar.perform(change)

    found = await calendar.look_up(change)

    assert (found is not None) is is_found
    await calendar.perform(change)
    await calendar.perform(change)
    assert len(company.done()) == 1


@pytest.mark.parametrize("name", VERBS)
async def test_a_verb_a_tool_does_not_have_is_refused(company: SandboxCompany, name: str) -> None:
    with pytest.raises(RefusedError, match="no verb `juggle`"):
        await tool(company, name).perform(a_request("juggle"))
    with pytest.raises(RefusedError, match="no verb `juggle`"):
        await tool(company, name).look_up(a_request("juggle"))

    assert [seen.outcome for seen in company.requests()] == ["refused"]


async def test_a_request_is_kept_with_its_arguments(company: SandboxCompany) -> None:
    company.fault("email", Fault("fail"))
    with pytest.raises(RetryError):
        await tool(company, "email").perform(a_request("send"))

    (seen,) = company.requests()

    assert (seen.key, seen.attempt, seen.outcome) == ("key1", 1, "retry")
    assert seen.arguments == {"to": "ann@x.io", "text": "Hello"}


@pytest.mark.parametrize("kind", ["late", "slow"])
async def test_a_request_nobody_waited_for_was_seen_all_the_same(company: SandboxCompany, kind: Any) -> None:
    company.fault("sms", Fault(kind, seconds=60))
    call = asyncio.create_task(tool(company, "sms").perform(a_request("send")))
    await asyncio.sleep(0)
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)

    assert [seen.outcome for seen in company.requests()] == [""]
    assert len(company.done()) == (1 if kind == "late" else 0)


@pytest.mark.parametrize(("name", "verb"), EVERY)
async def test_a_look_up_fails_while_its_tool_is_down(company: SandboxCompany, name: str, verb: str) -> None:
    company.fault(name, Fault("fail", seconds=7))

    with pytest.raises(RetryError) as caught:
        await tool(company, name).look_up(a_request(verb))

    assert caught.value.retry_after_s == 7
    assert await tool(company, name).look_up(a_request(verb)) is None


async def test_a_look_up_at_a_slow_tool_takes_its_time_and_other_faults_wait_for_a_call() -> None:
    clock = VirtualClock(to_datetime(NOW))
    company = SandboxCompany(None, clock)
    company.fault("email", Fault("refuse"))
    company.fault("email", Fault("slow", seconds=5))

    asked = asyncio.create_task(tool(company, "email").look_up(a_request("send")))
    await asyncio.sleep(0)
    waiting = not asked.done()
    clock.move(Instant(NOW + 5 * SECOND))

    assert waiting
    assert await asked is None
    with pytest.raises(RefusedError):
        await tool(company, "email").perform(a_request("send"))
    company.close()


@pytest.mark.parametrize(("name", "verb"), NEITHER)
@pytest.mark.parametrize(
    ("sent", "hours", "is_found"),
    [
        ({"to": "ann@x.io", "text": "Hello", "brand": "acme"}, 1, True),
        ({"to": "bob@x.io", "text": "Hello"}, 1, False),
        ({"to": "ann@x.io", "text": "Bye"}, 1, False),
        ({"to": "ann@x.io", "text": "Hello"}, 25, False),
    ],
    ids=["alike", "another recipient", "another text", "long ago"],
)
async def test_without_a_key_a_look_up_goes_by_recipient_and_text_of_a_day(
    *, name: str, verb: str, sent: dict[str, str], hours: int, is_found: bool
) -> None:
    clock = VirtualClock(to_datetime(NOW))
    company = SandboxCompany(None, clock)
    await tool(company, name).perform(a_request(verb, **sent))
    clock.move(Instant(NOW + hours * HOUR))

    found = await tool(company, name).look_up(a_request(verb, to="ann@x.io", text="Hello", campaign="x"))

    assert (found is not None) is is_found
    company.close()


async def test_what_the_company_was_told_survives_a_restart(tmp_path: Any) -> None:
    path = tmp_path / "sandbox.db"
    clock = VirtualClock(to_datetime(NOW))
    first = SandboxCompany(path, clock)
    await tool(first, "email").perform(a_request("send"))
    first.close()

    second = SandboxCompany(path, clock)
    await tool(second, "email").perform(a_request("send"))

    assert [done.repeats for done in second.outbox("email", "ann@x.io")] == [1]
    second.close()
