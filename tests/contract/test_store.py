"""What every store promises, told on the one in memory and the one on disk."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import apsw
import msgspec
import pytest

from segue.core.errors import ConflictError, IntegrityError, LockedError
from segue.core.records.context import Wants
from segue.core.records.effects import Approval, Attempt, EffectChange, Timer
from segue.core.records.events import (
    Attempted,
    DeadLettered,
    DeadLetterReplayed,
    EngineStarted,
    Perceived,
    Stepped,
)
from segue.core.records.gate import COMMIT, RELEASE
from segue.core.records.memory import Arm, Count, Exposure, Fact, Goal, Links, Outcome
from segue.core.records.parking import KILL_SWITCH, of_play, parked_at
from segue.core.records.percepts import Percept
from segue.core.records.signals import Kind, Signal
from segue.core.units import DAY, HOUR, Instant
from segue.stores import SqliteStore, SqliteUnit
from tests.contract.store_builders import (
    IDS,
    MASTER,
    NOON,
    a_decision,
    a_fact,
    a_message,
    a_reservation,
    a_signal,
    a_step,
    an_effect,
    first_links,
    profile_of,
)


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqliteStore]:
    directory = tmp_path if request.param == "file" else None
    opened = SqliteStore.open(directory, master_key=MASTER, ids=IDS)
    yield opened
    opened.close()


def accept_and_step(store: SqliteStore, signal: Signal, **changed: object) -> Stepped:
    step = a_step(signal, **changed)
    with store.write() as unit:
        assert unit.accept(signal) == "accepted"
        unit.record(step)
    return step


# --- accepting ----------------------------------------------------------------------------------------


def test_a_signal_delivered_again_changes_nothing(store: SqliteStore) -> None:
    with store.write() as unit:
        unit.accept(a_signal())
    before = (store.projection_hash(), positions(store))

    with store.write() as unit:
        again = unit.accept(a_signal(received_at=Instant(NOON + HOUR), occurred_at=Instant(NOON - HOUR)))

    assert again == "duplicate"
    assert (store.projection_hash(), positions(store)) == before


def positions(store: SqliteStore) -> list[int]:
    with store.read() as reader:
        return [row.seq for row in reader.log()]


def test_the_same_key_with_another_body_is_a_dead_letter_once_and_the_first_stands(
    store: SqliteStore,
) -> None:
    other = a_signal(body={"channel": "email", "text": "other"})
    with store.write() as unit:
        unit.accept(a_signal())

    with store.write() as unit:
        states = [unit.accept(other), unit.accept(other)]

    with store.read() as reader:
        assert states == ["conflict", "conflict"]
        assert [(letter[1], letter[2]) for letter in reader.dead_letters()] == [(other, "conflict")]
        assert [pending.signal for pending in reader.pending(9)] == [a_signal()]


def accept_and_fail(unit: SqliteUnit, signal: Signal) -> None:
    unit.accept(signal)
    raise RuntimeError


def test_an_exception_undoes_the_whole_transaction(store: SqliteStore) -> None:
    with pytest.raises(RuntimeError), store.write() as unit:
        accept_and_fail(unit, a_signal())

    with store.read() as reader:
        assert reader.position() == 0
        assert reader.pending(9) == []
    with store.write() as unit:
        assert unit.accept(a_signal()) == "accepted"


def test_nothing_can_be_recorded_outside_a_transaction(store: SqliteStore) -> None:
    with store.write() as unit:
        kept = unit

    with pytest.raises(IntegrityError, match="inside the block"):
        kept.accept(a_signal())


def test_a_savepoint_undoes_its_own_events_only_and_the_chain_holds(store: SqliteStore) -> None:
    with store.write() as unit:
        unit.accept(a_signal("1"))
        with pytest.raises(RuntimeError), unit.savepoint():
            accept_and_fail(unit, a_signal("2"))
        unit.accept(a_signal("3"))

    store.verify_chain()
    with store.read() as reader:
        assert [item.signal.source_id for item in reader.pending(9)] == ["1", "3"]


# --- the order of work --------------------------------------------------------------------------------


def test_derived_signals_come_first_then_live_ones_then_a_share_of_history(store: SqliteStore) -> None:
    derived = a_signal("d", source="segue.detector", subject="profile:p", identifiers=())
    strangers = [a_signal(f"h{i}", history=True, identifiers=(f"email:h{i}@x.io",)) for i in range(3)]
    with store.write() as unit:
        for history in strangers:
            unit.accept(history)
        unit.accept(a_signal("1"))
        unit.accept(a_signal("2"))
        unit.record(a_step(a_signal("1"), derived=(derived,)))

    with store.read() as reader:
        order = [item.signal.source_id for item in reader.pending(9, history_share=2)]

    assert order == ["d", "2", "h0", "h1"]


def test_older_history_of_a_live_signals_lane_goes_before_it(store: SqliteStore) -> None:
    phone_only = a_signal("h1", history=True, identifiers=("phone:+491",))
    both = a_signal("h2", history=True, identifiers=("email:ann@x.io", "phone:+491"))
    stranger = a_signal("h3", history=True, identifiers=("email:bob@x.io",))
    with store.write() as unit:
        for signal in (phone_only, both, stranger, a_signal("live")):
            unit.accept(signal)

    with store.read() as reader:
        order = [item.signal.source_id for item in reader.pending(9)]

    assert order == ["h1", "h2", "live"]


def test_pending_signals_read_from_the_log_are_whole(tmp_path: Path) -> None:
    derived = a_signal("d", source="segue.detector", subject="profile:p", identifiers=())
    first = SqliteStore.open(tmp_path, master_key=MASTER, ids=IDS)
    with first.write() as unit:
        unit.accept(a_signal("1"))
        unit.accept(a_signal("2"))
        unit.record(a_step(a_signal("1"), derived=(derived,)))
    first.close()

    again = SqliteStore.open(tmp_path, master_key=MASTER)

    with again.read() as reader:
        assert [item.signal for item in reader.pending(9)] == [derived, a_signal("2")]
        assert reader.signal(derived.id) == derived
    again.close()


def test_a_dead_letter_waits_no_more_until_it_is_replayed(store: SqliteStore) -> None:
    with store.write() as unit:
        unit.accept(a_signal())
        unit.record(DeadLettered("letter", a_signal(), NOON, "input", "it broke"))

    with store.read() as reader:
        assert reader.pending(9) == []
        assert reader.dead_letters() == [("letter", a_signal(), "input", "it broke", NOON)]
    with store.write() as unit:
        unit.record(DeadLetterReplayed("letter", NOON))
    with store.read() as reader:
        assert [item.signal for item in reader.pending(9)] == [a_signal()]
        assert reader.dead_letters() == []


def test_a_signal_is_stepped_once(store: SqliteStore) -> None:
    accept_and_step(store, a_signal())

    with pytest.raises(ConflictError, match="stepped already"), store.write() as unit:
        unit.record(a_step(a_signal()))


def test_what_is_parked_for_a_reason_is_read_by_it_whoever_it_belongs_to(store: SqliteStore) -> None:
    one, other = a_signal("1"), a_signal("2", identifiers=("email:bob@x.io",))
    for signal, reason in ((one, KILL_SWITCH), (other, of_play("upgrade"))):
        timer = Timer(reason, "hold", f"profile:{profile_of(signal)}", parked_at(reason), signal.id)
        accept_and_step(store, signal, links=first_links(signal), timers=(timer,))

    with store.read() as reader:
        lifted = a_signal("3", kind=Kind.CONTROL_CHANGED, identifiers=(), subject="tenant")
        context = reader.context(lifted, Links(), NOON, Wants(parked_for=KILL_SWITCH))
        unasked = reader.context(lifted, Links(), NOON, Wants())

    assert [timer.id for timer in context.timers] == [KILL_SWITCH]
    assert unasked.timers == ()


def test_timers_of_the_account_s_other_members_are_read_when_wanted(store: SqliteStore) -> None:
    ann, bob = a_signal("1"), a_signal("2", identifiers=("email:bob@x.io",))
    for signal in (ann, bob):
        timer = Timer(signal.id, "hold", f"profile:{profile_of(signal)}", NOON, signal.id)
        links = first_links(signal, account_id="a", joined=True)
        accept_and_step(store, signal, links=links, account_id="a", timers=(timer,))

    with store.read() as reader:
        links = first_links(ann, is_new=False, account_id="a")
        wanted = reader.context(ann, links, NOON, Wants(timers_of_contacts=True))
        own = reader.context(ann, links, NOON, Wants())

    assert {timer.id for timer in wanted.timers} == {ann.id, bob.id}
    assert {timer.id for timer in own.timers} == {ann.id}


def test_a_context_tells_what_a_tool_said_of_its_key(store: SqliteStore) -> None:
    asked = a_signal("k", source="segue.gate.mailer", kind=Kind.GATE_REQUESTED)
    accept_and_step(store, asked, links=first_links(asked))
    told = []
    for ending in ("", RELEASE, COMMIT):
        if ending:
            accept_and_step(store, a_signal(f"k{ending}", source=asked.source))
        with store.read() as reader:
            wants = Wants(gate=(asked.source, "k"))
            told.append(reader.context(asked, first_links(asked, is_new=False), NOON, wants).told)

    assert told == ["", "released", "committed"]


def test_a_fired_timer_is_gone_with_its_signal(store: SqliteStore) -> None:
    signal = a_signal()
    timer = Timer("t", "look_again", f"profile:{profile_of(signal)}", Instant(NOON + HOUR), signal.id)
    accept_and_step(store, signal, timers=(timer,))

    with store.write() as unit:
        due = unit.due_timers(Instant(NOON + HOUR), 9)
        before = unit.next_timer_at()
        unit.accept(
            a_signal("t:1", source="segue.timer", kind=Kind.TIMER_FIRED, identifiers=(), body={"timer": "t"})
        )

    with store.read() as reader:
        assert (due, before) == ([timer], NOON + HOUR)
        assert reader.next_timer_at() is None


# --- reservations and effects -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed", [{"identifiers": ("email:ann@x.io", "crm:7")}, {"history": True}], ids=["order", "history"]
)
def test_the_same_event_told_another_way_is_a_duplicate(store: SqliteStore, changed: dict[str, Any]) -> None:
    told = a_signal(identifiers=("crm:7", "email:ann@x.io"))
    again = a_signal(**{"identifiers": told.identifiers, **changed})

    with store.write() as unit:
        states = [unit.accept(told), unit.accept(again)]

    assert states == ["accepted", "duplicate"]


def test_a_reservation_above_its_limit_conflicts_and_writes_nothing(store: SqliteStore) -> None:
    accept_and_step(store, a_signal("1"), reservations=(a_reservation("r1", "cap:x:tenant:ever"),))
    with store.write() as unit:
        unit.accept(a_signal("2"))
        before = unit.position()

        with pytest.raises(ConflictError, match="cap:x"):
            unit.record(a_step(a_signal("2"), reservations=(a_reservation("r2", "cap:x:tenant:ever"),)))

        assert unit.position() == before


def test_a_held_reservation_is_used_though_another_tool_went_above_the_limit(store: SqliteStore) -> None:
    key = "cap:x:tenant:ever"
    accept_and_step(store, a_signal("1"), reservations=(a_reservation("r1", key),))
    accept_and_step(store, a_signal("2"), reservations=(a_reservation("r2", key, limit=-1, state="used"),))

    accept_and_step(store, a_signal("3"), reservations=(a_reservation("r1", key, state="used"),))

    with store.read() as reader:
        totals = reader.context(
            a_signal("4"), first_links(a_signal()), NOON, Wants(tenant_totals=True)
        ).totals
    assert totals[key].amount == 2


def test_a_released_reservation_frees_its_key(store: SqliteStore) -> None:
    key = "cap:x:tenant:ever"
    accept_and_step(store, a_signal("1"), reservations=(a_reservation("r1", key),))
    accept_and_step(store, a_signal("2"), reservations=(a_reservation("r1", key, state="released"),))

    accept_and_step(store, a_signal("3"), reservations=(a_reservation("r3", key),))


def test_what_waits_for_skipped_connectors_is_left_out_but_for_what_is_overdue(store: SqliteStore) -> None:
    signal = a_signal()
    effects = tuple(
        an_effect(signal, index, connector=connector, deadline_at=Instant(NOON + hours * HOUR))
        for index, (connector, hours) in enumerate((("crm", 9), ("email", 9), ("sms", 9), ("email", 1)))
    )
    accept_and_step(store, signal, effects=effects)

    def due(now: int, limit: int = 9, **skip: tuple[str, ...]) -> list[int]:
        with store.read() as reader:
            return [row.effect.index for row in reader.due_effects(Instant(now), limit, **skip)]

    assert due(NOON) == [0, 1, 2, 3]
    assert due(NOON, skip=("email", "unheard of")) == [0, 2]
    assert due(NOON, limit=1, skip=("crm",)) == [1]
    assert due(NOON + 2 * HOUR, skip=("email", "sms")) == [0, 3]
    assert due(NOON, skip=("crm", "email", "sms")) == []


def test_the_next_effect_is_looked_for_behind_what_is_due(store: SqliteStore) -> None:
    signal = a_signal()
    effects = tuple(an_effect(signal, hour, not_before=Instant(NOON + hour * HOUR)) for hour in (0, 1, 2))
    accept_and_step(store, signal, effects=effects)

    with store.read() as reader:
        found = [
            reader.next_effect_at(),
            *(reader.next_effect_at(Instant(NOON + h * HOUR)) for h in (0, 1, 2)),
        ]

    assert found == [NOON, NOON + HOUR, NOON + 2 * HOUR, None]


def test_what_is_skipped_costs_nothing_however_much_it_is(store: SqliteStore) -> None:
    def steps_taken() -> int:
        taken: list[int] = []

        def count(event: dict[str, Any]) -> None:
            taken.append(event["stmt_status"]["SQLITE_STMTSTATUS_VM_STEP"])

        with store.read() as reader:
            connection = reader._db.connection  # noqa: SLF001 - SQLite's own count of its work
            connection.trace_v2(apsw.SQLITE_TRACE_PROFILE, count)
            (row,) = reader.due_effects(NOON, 256, skip=("broken",))
            connection.trace_v2(0, None)
        assert row.effect.connector == "email"
        return sum(taken)

    first, second = a_signal("1"), a_signal("2")
    one = an_effect(first, 0, connector="broken")
    accept_and_step(store, first, effects=(one, an_effect(first, 1)))
    before = steps_taken()

    many = tuple(an_effect(second, index, connector="broken") for index in range(2_000))
    accept_and_step(store, second, effects=many)

    assert 0 < steps_taken() <= before + 10


def test_an_effect_walks_through_its_ledger(store: SqliteStore) -> None:
    signal = a_signal()
    effect = an_effect(signal)
    accept_and_step(store, signal, effects=(effect,), decision=a_decision(signal))
    begun = Attempt(effect.id, 1, NOON)
    retry = msgspec.structs.replace(begun, ended_at=NOON, state="retry", retry_at=Instant(NOON + HOUR))
    sent = Attempt(effect.id, 2, Instant(NOON + HOUR), ended_at=Instant(NOON + HOUR), state="delivered")

    with store.write() as unit:
        due = [row.effect for row in unit.due_effects(NOON, 9)]
        unit.record(Attempted(begun, effect.subject))
        in_flight = ([row.effect.id for row in unit.open_attempts()], unit.due_effects(NOON, 9))
        unit.record(Attempted(retry, effect.subject))
        waiting = (unit.due_effects(NOON, 9), unit.next_effect_at())
        unit.record(Attempted(sent, effect.subject))

    with store.read() as reader:
        row = reader.effect(effect.id)
        assert row is not None
        assert (due, in_flight, waiting) == ([effect], ([effect.id], []), ([], NOON + HOUR))
        assert (row.state, row.attempts) == ("delivered", (retry, sent))
        assert reader.next_effect_at() is None


def test_an_illegal_move_of_an_effect_is_refused_and_cannot_be_committed(store: SqliteStore) -> None:
    signal = a_signal()
    accept_and_step(store, signal, effects=(an_effect(signal),))
    over = Attempted(Attempt("effect-1-0", 1, NOON, ended_at=NOON, state="failed"), "tenant")
    with store.write() as unit:
        unit.record(over)

    illegal = Attempted(Attempt("effect-1-0", 2, NOON, ended_at=NOON, state="sent"), "tenant")
    refused = pytest.raises(IntegrityError, match="cannot go from failed to sent")

    with pytest.raises(IntegrityError, match="not folded"), store.write() as unit, refused:
        unit.record(illegal)
    with store.write() as unit, refused, unit.savepoint():
        unit.record(illegal)


def test_what_is_being_sent_cannot_be_called_back_but_is_not_tried_again(store: SqliteStore) -> None:
    first, second = a_signal("1"), a_signal("2")
    accept_and_step(store, first, effects=(an_effect(first, 0), an_effect(first, 1)))
    with store.write() as unit:
        for index in (0, 1):
            unit.record(Attempted(Attempt(f"effect-1-{index}", 1, NOON), "tenant"))
    changes = tuple(EffectChange(f"effect-1-{index}", "cancelled", "stop") for index in (0, 1))
    accept_and_step(store, second, effect_changes=changes)

    with store.write() as unit:
        for index, state in enumerate(("retry", "sent")):
            end = Attempt(f"effect-1-{index}", 1, NOON, ended_at=NOON, state=state, retry_at=NOON)  # type: ignore[arg-type]
            unit.record(Attempted(end, "tenant"))

    with store.read() as reader:
        rows = [reader.effect(f"effect-1-{index}") for index in (0, 1)]
        assert [row.state for row in rows if row] == ["cancelled", "sent"]


def test_a_gate_request_held_and_decided_again_has_its_latest_decision(store: SqliteStore) -> None:
    request = a_signal("key", source="segue.gate.mailer", kind=Kind.GATE_REQUESTED)
    timer = Timer("t", "hold", f"profile:{profile_of(request)}", Instant(NOON + HOUR), request.id)
    hold = a_decision(request, question="gate", mode="hold")
    accept_and_step(store, request, decision=hold, timers=(timer,))
    fired = a_signal("t:1", source="segue.timer", kind=Kind.TIMER_FIRED, body={"timer": "t"})
    allow = a_decision(fired, question="gate", mode="allow")
    accept_and_step(store, fired, decision=allow, links=first_links(request))

    with store.read() as reader:
        assert reader.gate_decision("segue.gate.mailer", "key") == allow
        assert [decision for _, decision in reader.decisions(person_id=profile_of(request))] == [allow, hold]


# --- context ------------------------------------------------------------------------------------------


def test_a_context_takes_a_merge_as_applied(store: SqliteStore) -> None:
    mail = a_signal("1")
    chat = a_signal("2", source="chat", identifiers=("cookie:c",))
    accept_and_step(store, mail, messages=(a_message(mail, "by mail"),))
    accept_and_step(store, chat, messages=(a_message(chat, "by chat"),))
    joint = a_signal("3", source="crm", identifiers=("email:ann@x.io", "cookie:c"))
    links = first_links(joint, person_id=profile_of(mail), merged=(profile_of(chat),), identifiers=())

    with store.read() as reader:
        context = reader.context(joint, links, NOON, Wants())
    accept_and_step(store, joint, links=links)

    assert {message.text for message in context.messages} == {"by mail", "by chat"}
    assert context.profile_ids == (profile_of(mail), profile_of(chat), profile_of(joint))
    with store.read() as reader:
        assert reader.find_person(IDS.identifier_hash("cookie:c")) == profile_of(mail)
        assert reader.context(joint, links, NOON, Wants()).profile_ids == context.profile_ids


def test_a_quiet_signal_reads_messages_only_while_a_goal_is_open(store: SqliteStore) -> None:
    signal = a_signal("1")
    subject = f"profile:{profile_of(signal)}"
    goal = Goal("g", "upgrade", subject, NOON, "asked", "open", 1, signal.id)
    accept_and_step(store, signal, messages=(a_message(signal, "hello"),))
    later = a_signal("2")
    links = first_links(later, is_new=False)

    with store.read() as reader:
        before = reader.context(later, links, NOON, Wants(quiet=True))
    accept_and_step(store, later, links=links, goals=(goal,))
    with store.read() as reader:
        after = reader.context(later, links, NOON, Wants(quiet=True))

    assert before.messages == ()
    assert [message.text for message in after.messages] == ["hello"]
    assert after.goals == (goal,)


def test_a_signal_that_is_alone_reads_contacts_only_while_a_goal_is_open(store: SqliteStore) -> None:
    ann, bob = a_signal("1"), a_signal("2", identifiers=("email:bob@x.io",))
    role = Fact(f"profile:{profile_of(bob)}", "role", "cfo", NOON, "verified", bob.id)
    for signal, facts in ((ann, ()), (bob, (role,))):
        links = first_links(signal, account_id="acme", joined=True)
        accept_and_step(store, signal, links=links, facts=facts)
    goal = Goal("g", "upgrade", "account:acme", NOON, "asked", "open", 1, ann.id)
    later, wants = a_signal("3"), Wants(quiet=True, alone=True)
    links = first_links(later, is_new=False, account_id="acme")

    with store.read() as reader:
        before = reader.context(later, links, NOON, wants)
    accept_and_step(store, later, links=links, goals=(goal,))
    with store.read() as reader:
        after = reader.context(later, links, NOON, wants)

    assert (before.contacts, before.facts) == ((), ())
    assert [contact.person_id for contact in after.contacts] == [profile_of(ann), profile_of(bob)]
    assert after.facts == (role,)


def test_a_context_holds_account_contacts_and_wanted_counts(store: SqliteStore) -> None:
    ann, bob = a_signal("1"), a_signal("2", identifiers=("email:bob@x.io",))
    for signal in (ann, bob):
        fact = a_fact(signal.source_id, NOON, subject=f"profile:{profile_of(signal)}", predicate="name")
        links = first_links(signal, account_id="acme", joined=True)
        count = Count("account:acme", "usage", 7, 3)
        accept_and_step(store, signal, links=links, facts=(fact, a_fact("pro", NOON)), counts=(count,))

    with store.read() as reader:
        wants = Wants(counts=(("account:acme", "usage", 5),))
        context = reader.context(ann, first_links(ann), NOON, wants)

    assert context.lane == "account:acme"
    assert [contact.person_id for contact in context.contacts] == [profile_of(ann), profile_of(bob)]
    assert sorted(fact.value for fact in context.facts) == ["1", "2", "pro"]
    assert context.counts == {("account:acme", "usage"): {7: 6}}


def test_a_percept_is_read_back(store: SqliteStore) -> None:
    percept = Percept("rules", language="de")
    with store.write() as unit:
        unit.accept(a_signal())
        unit.record(Perceived(a_signal().id, f"profile:{profile_of(a_signal())}", percept))

    with store.read() as reader:
        assert reader.percept(a_signal().id) == percept


def test_recall_finds_words_of_one_person_only_and_what_stands_beside_them(store: SqliteStore) -> None:
    ann, bob = a_signal("1"), a_signal("2", identifiers=("email:bob@x.io",))
    accept_and_step(
        store, ann, messages=(a_message(ann, "The pricing is a concern"), a_message(ann, "Hi", 1))
    )
    accept_and_step(store, bob, messages=(a_message(bob, "Pricing? No concern at all"),))

    with store.read() as reader:
        found = reader.recall(profile_of(ann), 'pricing OR "concern', 10).found

    assert [message.text for message, _ in found] == ["The pricing is a concern", "Hi"]
    with store.read() as reader:
        assert reader.recall(profile_of(ann), "renewal", 10).found == ()


# --- the log ------------------------------------------------------------------------------------------


def a_busy_log(store: SqliteStore) -> None:
    for number in range(6):
        signal = a_signal(str(number), received_at=Instant(NOON + number))
        about = f"profile:{profile_of(signal)}"
        effect = an_effect(signal)
        accept_and_step(
            store,
            signal,
            links=first_links(signal, account_id=f"a{number // 3}", joined=number % 3 == 0),
            facts=(a_fact(f"plan {number}", NOON - number * DAY, signal_id=signal.id),),
            messages=(a_message(signal, f"word{number}"),),
            counts=(Count("tenant", "usage", 1, 1),),
            effects=(effect,),
            decision=a_decision(signal),
            reservations=(a_reservation(str(number), "cap:x:tenant:ever", limit=-1),),
            timers=(Timer("t", "look_again", about, Instant(NOON + number), signal.id),),
            arms=(Arm("account:a0", "agent", Instant(NOON - number), number),),
            goals=(Goal("g", "play", about, NOON, f"state {number}", "open", 1, signal.id),),
            outcomes=(Outcome(f"o{number}", "saved", about, NOON, signal.id, decision_id="decision-1"),),
            exposures=(
                Exposure(f"x{number}", profile_of(signal), NOON, "email", "service", "segue", signal.id),
            ),
            approvals=(
                Approval(f"ap{number}", "decision-1", about, NOON, NOON, (effect,), number, "high risk"),
            ),
        )
    chat = a_signal("chat", source="chat", identifiers=("cookie:c",))
    accept_and_step(store, chat)
    joint = a_signal("joint", identifiers=("cookie:c", "email:ann@x.io"))
    merged = first_links(
        joint, is_new=False, person_id=profile_of(joint), merged=(profile_of(chat),), identifiers=()
    )
    accept_and_step(store, joint, links=merged, timers_cancelled=("t",))
    with store.write() as unit:
        unit.accept(a_signal("old", history=True))
        unit.accept(a_signal("0", body={"text": "another body"}))
        unit.record(DeadLettered("letter", a_signal("old", history=True), NOON, "input", "it broke"))
        unit.record(DeadLetterReplayed("letter", NOON))
        unit.record(Attempted(Attempt("effect-2-0", 1, NOON), "tenant"))
        unit.record(EngineStarted(NOON, "engine"))
        unit.record(Perceived(joint.id, f"profile:{profile_of(joint)}", Percept("rules")))


def test_a_receipt_tells_everything_of_a_decision(store: SqliteStore) -> None:
    a_busy_log(store)

    with store.read() as reader:
        receipt = reader.receipt("decision-1")

    assert receipt is not None
    assert receipt.signal.source_id == "1"
    assert [row.effect.id for row in receipt.ledger][:1] == ["effect-1-0"]
    assert [approval.id for approval in receipt.approvals] == [f"ap{number}" for number in range(6)]
    assert [outcome.id for outcome in receipt.outcomes] == [f"o{number}" for number in range(6)]


def test_the_recipient_of_the_effect_that_is_looked_at_is_looked_up(store: SqliteStore) -> None:
    other = a_signal("1", identifiers=("email:old@x.io",))
    withdrawn = a_fact("withdrawn", 1, subject=f"profile:{profile_of(other)}", predicate="consent.all")
    accept_and_step(store, other, links=first_links(other), facts=(withdrawn,))
    asked = a_signal("2", identifiers=("user:2",))
    effect = an_effect(asked, channel="email", arguments={"to": "Old@X.io"})
    accept_and_step(store, asked, links=first_links(asked), effects=(effect,))
    links = first_links(asked, is_new=False)

    with store.read() as reader:
        found = reader.context(asked, links, NOON, Wants(effect_id=effect.id, country="")).suppressions
        unwanted = reader.context(asked, links, NOON, Wants(effect_id=effect.id)).suppressions

    assert [(item.address, item.holder, item.facts) for item in found] == [
        ("Old@X.io", profile_of(other), (withdrawn,))
    ]
    assert unwanted == ()


def test_approvals_come_by_expected_value_and_arms_are_the_earliest(store: SqliteStore) -> None:
    a_busy_log(store)
    signal = a_signal("9")

    with store.read() as reader:
        context = reader.context(signal, first_links(signal, is_new=False), NOON, Wants(open_effects=True))

        assert [approval.id for approval in reader.approvals()] == [f"ap{n}" for n in range(5, -1, -1)]
    assert (context.lane, [arm.draw_ppm for arm in context.arms]) == ("account:a1", [])
    assert [goal.state for goal in context.goals] == ["state 5"]
    assert len(context.ledger) == 6


def test_a_rebuild_gives_the_same_projections(store: SqliteStore) -> None:
    a_busy_log(store)
    before = store.projection_hash()

    store.rebuild()

    assert store.projection_hash() == before
    with store.read() as reader:
        assert reader.recall(profile_of(a_signal()), "word3")


def test_a_log_recorded_again_gives_the_same_projections(store: SqliteStore) -> None:
    a_busy_log(store)
    scratch = SqliteStore.open(None, master_key=bytes(32), ids=IDS)

    with store.read() as reader, scratch.write() as unit:
        for row in reader.log():
            assert row.event is not None
            unit.record(row.event)

    assert scratch.projection_hash() == store.projection_hash()
    scratch.close()


def test_what_a_step_says_of_another_person_comes_back_in_its_place(store: SqliteStore) -> None:
    ann, bob = a_signal("1"), a_signal("2", identifiers=("email:bob@x.io",))
    effects = (an_effect(ann, 0), an_effect(ann, 1, profile_id=profile_of(bob)), an_effect(ann, 2))
    step = accept_and_step(store, ann, effects=effects)

    with store.read() as reader:
        assert [row.event for row in reader.log(1)] == [step]
        assert reader.counts()["event_parts"] == 1


def test_known_at_shows_what_was_believed_then(store: SqliteStore) -> None:
    signal = a_signal("1")
    about = f"profile:{profile_of(signal)}"
    accept_and_step(store, signal, facts=(a_fact("ann", NOON, subject=about, predicate="name"),))
    later = a_signal("2", received_at=Instant(NOON + DAY))
    accept_and_step(
        store, later, facts=(a_fact("anna", NOON, subject=about, predicate="name", signal_id="t"),)
    )

    with store.read() as reader:
        then = reader.person(profile_of(signal), as_of=NOON, known_at=Instant(NOON + HOUR))
        now = reader.person(profile_of(signal), as_of=NOON, known_at=None)

    assert then is not None
    assert now is not None
    assert [fact.value for fact in then.facts] == ["ann"]
    assert [fact.value for fact in now.facts] == ["anna"]


# --- files --------------------------------------------------------------------------------------------


def test_one_process_writes_and_others_read_beside_it(tmp_path: Path) -> None:
    writer = SqliteStore.open(tmp_path, master_key=MASTER, ids=IDS)
    accept_and_step(writer, a_signal("1"))
    reader = SqliteStore.open_read_only(tmp_path, master_key=MASTER)

    with pytest.raises(LockedError, match="in use by process"):
        SqliteStore.open(tmp_path, master_key=MASTER)

    with writer.write() as unit, reader.read() as view:
        unit.accept(a_signal("2"))
        assert view.position() == 2
    with reader.read() as view:
        assert view.position() == 3
        assert view.signal(a_signal("2").id) == a_signal("2")
    reader.close()
    writer.close()


def test_new_keys_are_durable_before_the_events_they_seal(tmp_path: Path) -> None:
    points: list[str] = []
    counted: Callable[[], int] = lambda: 0  # noqa: E731 - set below

    def hook(point: str) -> None:
        points.append(f"{point} {counted()}")

    store = SqliteStore.open(tmp_path, master_key=MASTER, ids=IDS, hook=hook)
    import apsw

    keys = apsw.Connection(str(tmp_path / "keys.db"), flags=apsw.SQLITE_OPEN_READONLY)
    counted = lambda: int(keys.execute("SELECT count(*) FROM keys").get)  # noqa: E731
    with store.write() as unit:
        unit.accept(a_signal())

    assert points == ["before_keys_commit 0", "after_keys_commit 1", "before_commit 1", "after_commit 1"]
    keys.close()
    store.close()
