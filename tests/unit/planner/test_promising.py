"""A step reads what the company's side said, and sets what wakes it when a promise is due."""

import pytest

from segue.core.ids import derive
from segue.core.records.events import Stepped
from segue.core.records.percepts import Percept, Preference, Promise
from segue.core.records.promised import Promised, promises_in
from segue.core.records.signals import Kind, Signal
from segue.core.units import DAY, HOUR, MINUTE
from segue.planner import House, step
from tests.build import ANN, NOW, SETTINGS, a_context, a_fact, a_signal
from tests.unit.planner.build import IDS, book

GRACE = SETTINGS.promise_grace_s * 1_000_000
BERLIN = a_fact("time_zone", "Europe/Berlin")


def stepped(signal: Signal, *facts: Promised, percept: Percept | None = None) -> Stepped:
    context = a_context(BERLIN, *(one.fact() for one in facts))
    return step(context, signal, percept, House(book(), "engine", IDS))


def owed(**fields: object) -> Promised:
    given: dict[str, object] = {
        "id": "p1",
        "who": "company",
        "what": "call",
        "state": "open",
        "due_at": NOW + DAY,
        "said_at": NOW - DAY,
        "said_in": "s0",
        "subject": ANN,
        "by": "rep:anna",
        "at": NOW - DAY,
        "signal_id": "s0",
    }
    return Promised(**{**given, **fields})  # type: ignore[arg-type]  # any field by name


def said(by: str = "rep:anna", text: str = "I'll call you tomorrow.", **fields: object) -> Signal:
    return a_signal("message.sent", {"channel": "email", "by": by, "text": text}, **fields)


def test_what_a_colleague_wrote_is_read_and_they_are_told_before_it_is_due() -> None:
    done = stepped(said())

    (found,) = promises_in(done.facts)
    (timer,) = done.timers
    assert (found.who, found.what, found.by) == ("company", "call", "rep:anna")
    assert (timer.id, timer.kind, timer.subject) == (derive("promise", found.id), "promise", ANN)
    assert timer.body == {"promise": found.id, "about": "soon"}
    assert timer.due_at == found.due_at - (found.due_at - NOW) // 4


def test_the_other_side_of_a_transcript_is_read() -> None:
    turns = [
        {"speaker": "rep:anna", "text": "I'll send you the contract."},
        {"speaker": "customer", "text": "ok"},
    ]

    done = stepped(a_signal("call.transcribed", {"turns": turns}))

    assert [(one.who, one.what) for one in promises_in(done.facts)] == [("company", "send")]
    assert done.timers == ()


@pytest.mark.parametrize(
    ("by", "text"),
    [
        ("tool:mailer", "I'll call you tomorrow."),
        ("rep:anna", "> I'll call you tomorrow."),
        ("rep:anna", "Fine."),
    ],
    ids=["a tool", "a quote", "no promise"],
)
def test_what_nobody_promised_is_no_promise(by: str, text: str) -> None:
    assert [*promises_in(stepped(said(by, text)).facts)] == []


def test_a_customers_promise_wakes_the_planner_when_it_is_over() -> None:
    percept = Percept("m", promises=(Promise("customer", "call", "d+1", "I'll call tomorrow"),))

    done = stepped(a_signal("message.received", {"channel": "email", "text": "..."}), percept=percept)

    (found,), (timer,) = promises_in(done.facts), done.timers
    assert (timer.due_at, timer.body["about"]) == (found.due_at + GRACE, "due")


def test_ask_me_later_wakes_the_planner_then_spread_with_others() -> None:
    percept = Percept("m", preferences=(Preference("pause_until", "--06", "ask me in June"),))

    done = stepped(a_signal("message.received", {"channel": "email", "text": "..."}), percept=percept)

    (found,), (timer,) = promises_in(done.facts), done.timers
    assert found.due_at <= timer.due_at < found.due_at + SETTINGS.spread_s * 1_000_000


def test_what_history_tells_wakes_nobody_where_its_time_is_past() -> None:
    past = said(occurred_at=NOW - 30 * DAY, history=True)

    done = stepped(past)

    assert [one.state for one in promises_in(done.facts)] == ["open"]
    assert done.timers == ()


def test_after_the_reminder_the_promise_is_looked_at_when_it_is_over() -> None:
    signal = a_signal(Kind.PROMISE_DUE, {"promise": "p1", "about": "soon"}, subject=ANN, identifiers=())

    (timer,) = stepped(signal, owed(due_at=NOW + HOUR)).timers

    assert (timer.id, timer.due_at) == (derive("promise", "p1"), NOW + HOUR + GRACE)


def test_a_promise_that_was_kept_wakes_nobody_any_more() -> None:
    done = stepped(said(text="As agreed."), owed(what="reply"))

    assert done.timers_cancelled == (derive("promise", "p1"),)


def test_the_same_signal_makes_the_same_promise() -> None:
    assert stepped(said()) == stepped(said())


def test_a_promise_for_the_next_minutes_is_still_reminded_of() -> None:
    done = stepped(said(text="I'll call you in 30 minutes."))

    (found,), (timer,) = promises_in(done.facts), done.timers
    assert found.due_at == NOW + 30 * MINUTE
    assert NOW < timer.due_at < found.due_at
