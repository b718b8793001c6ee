"""The promise ledger: who owes what by when, and what a signal makes of it."""

from collections.abc import Iterable
from typing import Any

import pytest

from segue.core.errors import SignalError
from segue.core.ids import derive
from segue.core.records.binding import Binding
from segue.core.records.context import Context
from segue.core.records.memory import Fact
from segue.core.records.percepts import Intent, Percept, Preference, Promise
from segue.core.records.promised import Promised, promised_of, promises_in
from segue.core.records.signals import Signal
from segue.core.units import DAY, HOUR
from segue.graph import DERIVED, Ours, promised, remember
from segue.perception import pledges
from tests.build import ANN, NOW, a_context, a_fact, a_ledger_row, a_playbook, a_signal, instant

PLAYBOOK = a_playbook()
BERLIN = a_fact("time_zone", "Europe/Berlin")
GRACE = 8 * HOUR


def after(
    signal: Signal, *facts: Fact, percept: Percept | None = None, ours: Iterable[Ours] = (), **fields: Any
) -> list[Promised]:
    """What a signal changes on the ledger."""
    context = a_context(BERLIN, *facts, **fields)
    memory = remember(signal, percept, context, PLAYBOOK)
    return list(promises_in(promised(signal, percept, context, PLAYBOOK, memory, tuple(ours))))


def mail(**fields: Any) -> Signal:
    return a_signal("message.received", {"channel": "email", "text": "..."}, **fields)


def owed(what: str, who: str = "customer", due_at: int = NOW + DAY, **fields: Any) -> Fact:
    """An open promise of yesterday."""
    given: dict[str, Any] = {
        "id": "p1",
        "who": who,
        "what": what,
        "state": "open",
        "due_at": due_at,
        "said_at": NOW - DAY,
        "said_in": "s0",
        "subject": ANN,
        "by": "rep:anna" if who == "company" else "customer",
        "at": NOW - DAY,
        "signal_id": "s0",
        "words": "as said",
    }
    return Promised(**{**given, **fields}).fact()


def seen(name: str, *facts: Fact, signal: Signal | None = None) -> object:
    return DERIVED[name].of(Binding(a_context(BERLIN, *facts), PLAYBOOK, signal))


def test_a_promise_is_due_at_the_end_of_the_day_where_the_person_is() -> None:
    percept = Percept("m", promises=(Promise("customer", "send", "d+1", "I'll send it tomorrow"),))

    (found,) = after(mail(), percept=percept)

    assert (found.who, found.what, found.state, found.by) == ("customer", "send", "open", "customer")
    assert found.due_at == instant("2026-03-04T00:00+01:00")
    assert (found.words, found.said_in, found.subject) == ("I'll send it tomorrow", "s1", ANN)
    assert found.id == derive("promise", "s1", "customer", "send", "0")


def test_what_the_customer_was_promised_is_owed_by_the_company() -> None:
    percept = Percept("m", promises=(Promise("company", "call", "", "you promised to call"),))

    (found,) = after(mail(), percept=percept)

    assert (found.who, found.due_at, found.by) == ("company", 0, "customer")


def test_ask_me_in_march_and_an_absence_are_promises_that_wait() -> None:
    asked = Percept("m", preferences=(Preference("pause_until", "--06", "ask me in June"),))
    away = Percept("m", intents=(Intent("out_of_office", 950_000),), away_until="d+3")

    (again,), (gone,) = after(mail(), percept=asked), after(mail(), percept=away)

    assert (again.what, again.due_at) == ("ask_again", instant("2026-06-01T00:00+02:00"))
    assert (gone.what, gone.due_at) == ("away", instant("2026-03-05T00:00+01:00"))


def test_a_colleagues_own_words_are_a_promise_of_the_company() -> None:
    (pledge,) = pledges("Hi Ann, I'll call you on Thursday. Anna")
    signal = a_signal("message.sent", {"channel": "email", "by": "rep:anna", "text": "..."})

    (found,) = after(signal, ours=[Ours(pledge, "rep:anna")])

    assert (found.who, found.what, found.by) == ("company", "call", "rep:anna")
    assert found.due_at == instant("2026-03-06T00:00+01:00")


@pytest.mark.parametrize(
    ("told", "due_at"),
    [
        ("2026-03-04T10:00:00+01:00", instant("2026-03-04T10:00+01:00")),
        ("d+1", instant("2026-03-04T00:00+01:00")),
    ],
    ids=["time", "code"],
)
def test_a_promise_comes_back_with_the_conversation(told: str, due_at: int) -> None:
    body = {"by": "rep:anna", "promise": {"what": "reply", "due": told, "words": "by Wednesday"}}

    (found,) = after(a_signal("conversation.released", body))

    assert (found.what, found.due_at, found.by, found.handed_back) == ("reply", due_at, "rep:anna", True)


@pytest.mark.parametrize(
    ("promise", "problem"),
    [
        ({"what": "fly"}, "promise.what"),
        ({"what": "call", "due": "soon"}, "promise.due"),
        ({"what": "call", "words": 3}, "promise.words"),
    ],
)
def test_a_promise_of_the_wrong_shape_is_refused_by_its_field(promise: dict[str, Any], problem: str) -> None:
    with pytest.raises(SignalError, match=problem):
        after(a_signal("conversation.released", {"by": "rep:anna", "promise": promise}))


@pytest.mark.parametrize(
    ("what", "kind", "body"),
    [
        ("call", "call.transcribed", {"turns": [{"speaker": "customer", "text": "Hi"}]}),
        ("call", "meeting.booked", {"meeting": "m1", "starts_at": "2026-03-05T10:00:00Z"}),
        ("reply", "message.received", {"channel": "email", "text": "Hi"}),
        ("send", "message.received", {"channel": "email", "text": "Hi", "attachments": [{"name": "c.pdf"}]}),
        ("pay", "event.tracked", {"event": "invoice_paid"}),
    ],
)
def test_a_customer_keeps_a_promise_by_doing_it(what: str, kind: str, body: dict[str, Any]) -> None:
    (found,) = after(a_signal(kind, body), owed(what))

    assert (found.id, found.state, found.at, found.signal_id) == ("p1", "kept", NOW, "s1")
    assert (found.said_at, found.said_in, found.words) == (NOW - DAY, "s0", "as said")


@pytest.mark.parametrize(
    ("what", "body"),
    [("send", {"channel": "email", "text": "no file"}), ("call", {"channel": "email", "text": "Hi"})],
)
def test_something_else_keeps_no_promise(what: str, body: dict[str, Any]) -> None:
    assert after(a_signal("message.received", body), owed(what)) == []


def test_what_a_machine_wrote_keeps_nothing() -> None:
    body = {"channel": "email", "text": "...", "automatic": "out_of_office"}

    assert after(a_signal("message.received", body), owed("reply")) == []


@pytest.mark.parametrize(
    ("by", "what", "kept"),
    [("rep:anna", "reply", True), ("rep:anna", "call", False), ("tool:mailer", "reply", False)],
)
def test_a_colleagues_touch_keeps_what_it_is(by: str, what: str, *, kept: bool) -> None:
    signal = a_signal("message.sent", {"channel": "email", "by": by, "text": "Here it is"})

    assert [one.state for one in after(signal, owed(what, "company"))] == (["kept"] if kept else [])


@pytest.mark.parametrize(("purpose", "kept"), [("service", True), ("commercial", False)])
def test_a_message_of_segues_own_keeps_a_promise_unless_it_sells(purpose: str, *, kept: bool) -> None:
    row = a_ledger_row(purpose=purpose)
    signal = a_signal("effect.settled", {"effect": row.effect.id, "state": "delivered"})

    found = after(signal, owed("reply", "company"), ledger=(row,))

    assert [one.state for one in found] == (["kept"] if kept else [])


def test_what_is_done_within_the_grace_is_kept_and_later_broken() -> None:
    body = {"channel": "email", "text": "Hi"}
    due = owed("reply", due_at=NOW - GRACE + 1)
    long_due = owed("reply", due_at=NOW - GRACE)

    in_time = after(a_signal("message.received", body), due)
    late = after(a_signal("message.received", body), long_due)

    assert [one.state for one in (*in_time, *late)] == ["kept", "broken"]


def due_signal(about: str = "due") -> Signal:
    return a_signal("promise.due", {"promise": "p1", "about": about}, subject=ANN, identifiers=())


@pytest.mark.parametrize(("what", "state"), [("call", "broken"), ("ask_again", "kept"), ("away", "kept")])
def test_when_its_time_comes_a_deed_is_broken_and_a_wait_is_over(what: str, state: str) -> None:
    (found,) = after(due_signal(), owed(what, due_at=NOW - GRACE))

    assert found.state == state


def test_the_reminder_before_it_is_due_changes_nothing() -> None:
    assert after(due_signal("soon"), owed("call", "company", due_at=NOW + HOUR)) == []


@pytest.mark.parametrize("state", ["kept", "broken", "withdrawn"])
def test_a_promise_that_has_ended_ends_no_other_way(state: str) -> None:
    ended = owed("reply", due_at=NOW - GRACE, state=state)

    assert after(due_signal(), ended) == []
    assert after(mail(), ended) == []


def test_the_same_promise_with_another_date_takes_the_place_of_the_first() -> None:
    percept = Percept("m", promises=(Promise("customer", "call", "d+5", "I'll call next week"),))

    new, old = after(mail(), owed("call"), percept=percept)

    assert (new.state, old.id, old.state) == ("open", "p1", "withdrawn")


def test_the_same_promise_again_is_no_second_one() -> None:
    percept = Percept("m", promises=(Promise("customer", "call", "", "I'll call"),))

    assert after(mail(), owed("call"), percept=percept) == []


def test_what_was_told_late_ends_no_younger_promise() -> None:
    percept = Percept("m", promises=(Promise("customer", "reply", "d+1", "I'll reply tomorrow"),))
    earlier = mail(occurred_at=NOW - 2 * DAY)

    assert after(earlier, owed("reply"), percept=percept) == []


def test_whoever_writes_is_back_and_whoever_opts_out_is_not_asked_again() -> None:
    stop = Percept("m", preferences=(Preference("stop", "all", "stop"),))

    (back,) = after(mail(), owed("away"), percept=Percept("m"))
    (out,) = after(mail(), owed("ask_again"), percept=stop)

    assert (back.state, out.state) == ("withdrawn", "withdrawn")


def test_selling_in_between_breaks_the_promise_to_leave_alone() -> None:
    body = {"channel": "email", "by": "tool:mailer", "text": "Buy"}

    (found,) = after(a_signal("message.sent", body), owed("quiet", "company"))

    assert found.state == "broken"


def test_logs_of_older_versions_are_read() -> None:
    fact = a_fact("promise.customer", NOW + DAY, qualifier="call", trust="claimed", words="I'll call")

    found = promised_of(fact)

    assert found is not None
    assert (found.what, found.due_at, found.state, found.said_in) == ("call", NOW + DAY, "open", "s0")


def test_facts_tell_what_is_owed_and_until_when() -> None:
    ledger = (
        owed("call", id="p1"),
        owed("pay", id="p2", due_at=0),
        owed("reply", "company", id="p3"),
        owed("ask_again", id="p4", due_at=NOW + 9 * DAY),
        owed("quiet", "company", id="p5", due_at=NOW + 2 * DAY),
        owed("send", "company", id="p6", due_at=NOW - DAY),
    )
    away = a_fact("away_until", NOW + 3 * DAY, trust="claimed")

    told = {name: seen(f"person.{name}", *ledger, away) for name in (
        "promises_open", "promises_owed", "promises_broken", "promised", "promised_until", "ask_later",
        "ask_again_at", "promised_quiet", "quiet_until", "away", "away_until",
    )}  # fmt: skip

    assert told == {
        "promises_open": ("call", "pay"),
        "promises_owed": ("reply",),
        "promises_broken": 1,
        "promised": True,
        "promised_until": NOW + DAY,
        "ask_later": True,
        "ask_again_at": NOW + 9 * DAY,
        "promised_quiet": True,
        "quiet_until": NOW + 2 * DAY,
        "away": True,
        "away_until": NOW + 3 * DAY,
    }


def test_nothing_promised_is_known_to_be_nothing() -> None:
    assert seen("person.promised") is False
    assert seen("person.promised_until") is None
    assert seen("signal.promise_state") == ""


def test_the_promise_that_is_due_is_told_to_plays() -> None:
    handed = owed("reply", "company", handed_back=True)

    told = [
        seen(f"signal.{name}", handed, signal=due_signal("soon"))
        for name in ("promise", "promise_by", "promise_state", "promise_handed_back")
    ]

    assert told == ["reply", "company", "open", True]


def test_a_promise_of_somebody_else_in_the_account_is_not_the_persons() -> None:
    theirs = owed("call", subject="profile:bob")

    assert seen("person.promises_open", theirs) == ()
    assert isinstance(a_context(theirs), Context)
