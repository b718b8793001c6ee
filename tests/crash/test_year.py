"""A virtual year of a hundred customers holds every invariant, one check each."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import pytest

from segue.bootstrap import rebuild, replay
from segue.core.records.decisions import Decision
from segue.core.records.effects import LEGAL_MOVES, NEVER_STOPPED, Effect, Reservation
from segue.core.records.events import Attempted, DeadLettered, Event, Received, Stepped
from segue.core.records.memory import Fact
from segue.core.records.signals import Kind
from segue.core.units import Instant, to_datetime, to_instant
from tests.crash.year import CUSTOMERS, END, Asked, Customer, Year, lived

SEED = 1


@pytest.fixture(scope="module")
def year(ram: Path) -> Year:
    """Live the year once for all checks."""
    return asyncio.run(lived(ram / "year", SEED))


def test_the_year_is_worth_checking(year: Year) -> None:
    kinds = Counter(event.signal.kind for _, event in year.events if isinstance(event, Received))
    purposes = Counter(effect.purpose for _, effect in effects_of(year.events))

    assert len(year.accepted) > 35 * CUSTOMERS
    assert kinds[Kind.GATE_REQUESTED] > 50
    assert kinds[Kind.APPROVAL_GIVEN] > 20
    assert min(purposes[name] for name in ("commercial", "service", "mandatory", "internal")) > 20
    assert {"delivered", "failed", "unknown"} <= set(year.states.values())


def test_every_signal_is_handled_or_dead_lettered(year: Year) -> None:
    received = [event.signal.id for _, event in year.events if isinstance(event, Received)]
    derived = [item.id for _, event in year.events if isinstance(event, Stepped) for item in event.derived]
    ends = Counter(
        event.signal_id if isinstance(event, Stepped) else event.signal.id
        for _, event in year.events
        if isinstance(event, Stepped | DeadLettered)
    )

    assert set(year.accepted) <= set(received)
    assert len(set(received)) == len(received)
    assert ends == Counter(received + derived)


def test_every_effect_has_exactly_one_decision(year: Year) -> None:
    decided = Counter(made.id for made in decisions_of(year.events))
    effects = [effect for _, effect in effects_of(year.events)]

    assert set(decided.values()) == {1}
    assert all(decided[effect.decision_id] == 1 for effect in effects)
    assert len({effect.id for effect in effects}) == len(effects)


def test_every_effect_goes_a_legal_way_through_the_ledger(year: Year) -> None:
    states = {effect.id: "pending" for _, effect in effects_of(year.events)}
    for effect_id, state in moves_of(year.events):
        if state not in {states[effect_id], "retry"}:
            assert state in LEGAL_MOVES[states[effect_id]], (effect_id, states[effect_id], state)
            states[effect_id] = state

    assert states == year.states


def test_nothing_happens_at_the_company_that_the_ledger_did_not_begin(year: Year) -> None:
    begun = {(e.attempt.effect_id, e.attempt.number) for _, e in year.events if isinstance(e, Attempted)}

    assert {(asked.key, asked.attempt) for asked in year.asked} <= begun
    assert max(Counter((asked.key, asked.attempt) for asked in year.asked).values()) == 1


def test_no_message_goes_out_after_an_opt_out(year: Year) -> None:
    out: dict[str, dict[str, Fact]] = defaultdict(dict)
    sent = 0
    for item in in_order(year):
        if isinstance(item, Fact):
            person = year.person_of[item.subject.removeprefix("profile:")]
            known = out[person].get(item.predicate)
            if known is None or (item.valid_from, item.value) >= (known.valid_from, known.value):
                out[person][item.predicate] = item
        elif item.purpose in {"commercial", "service"} and item.channel:
            sent += 1
            assert not is_out(out[year.person_of[item.profile_id]], item.channel), item

    assert sent > 100
    assert sum(is_out(facts, "email") for facts in out.values()) > 10


def test_nothing_commercial_goes_out_in_closed_hours(year: Year) -> None:
    sent = [(asked, effect) for asked, effect in asked_effects(year) if is_commercial(effect)]

    closed = []
    for asked, effect in sent:
        customer = year.customer_of[year.person_of[effect.profile_id]]
        if not is_open(customer, effect.channel, asked.at):
            closed.append((to_datetime(asked.at).isoformat(), customer.country, effect.action))

    assert len(sent) > 50
    assert closed == []


def test_no_reservation_exceeds_its_limit(year: Year) -> None:
    held: dict[str, Reservation] = {}
    of_key: dict[str, set[str]] = defaultdict(set)
    for _, event in year.events:
        rows = event.reservations if isinstance(event, Stepped) else ()
        for row in rows:
            held[row.id] = row
            of_key[row.key].add(row.id)
        for row in (row for row in rows if row.limit >= 0):
            taken = sum(
                held[one].amount for one in of_key[row.key] if held[one].limit >= 0 and is_taken(held[one])
            )
            assert taken <= row.limit, row

    assert len(of_key) > 100


def test_nobody_is_sold_to_more_often_than_the_caps_say(year: Year) -> None:
    days: Counter[tuple[str, str]] = Counter()
    weeks: Counter[tuple[str, str]] = Counter()
    decided = {made.id: made for made in decisions_of(year.events)}
    for effect in {effect.id: effect for _, effect in asked_effects(year)}.values():
        made = decided[effect.decision_id]
        if is_commercial(effect) and made.question == "next_action":
            person = year.person_of[effect.profile_id]
            day = to_datetime(made.at).astimezone(ZoneInfo(year.customer_of[person].zone)).date()
            days[person, day.isoformat()] += 1
            weeks[person, (day - timedelta(days=day.weekday())).isoformat()] += 1

    assert max(days.values()) == 1
    assert max(weeks.values()) <= 3


def test_nothing_reaches_a_customer_but_what_must_while_the_kill_switch_is_on(year: Year) -> None:
    thrown = [
        event.signal.received_at
        for _, event in year.events
        if isinstance(event, Received) and "kill_switch" in event.signal.body
    ]
    spans = list(zip(thrown[::2], thrown[1::2], strict=True))

    sent = [
        effect.action
        for asked, effect in asked_effects(year)
        if any(start < asked.at < end for start, end in spans) and effect.purpose not in NEVER_STOPPED
    ]

    assert len(spans) == 2
    assert sent == []


def test_a_lane_takes_one_step_at_a_time_in_order_of_receipt(year: Year) -> None:
    received = {event.signal.id: seq for seq, event in year.events if isinstance(event, Received)}
    last: dict[str, tuple[Instant, int]] = defaultdict(lambda: (Instant(0), 0))
    for _, event in year.events:
        if isinstance(event, Stepped):
            now, position = last[event.lane]
            own = received.get(event.signal_id, position)
            assert event.now >= now, event.signal_id
            assert own >= position, event.signal_id
            last[event.lane] = (event.now, own)

    assert len(last) > 30


def test_no_due_timer_is_forgotten(year: Year) -> None:
    waiting: dict[str, Instant] = {}
    fired = 0
    for _, event in year.events:
        if isinstance(event, Stepped):
            for timer_id in event.timers_cancelled:
                waiting.pop(timer_id, None)
            waiting |= {timer.id: timer.due_at for timer in event.timers}
        elif isinstance(event, Received) and event.signal.kind in {Kind.TIMER_FIRED, Kind.PROMISE_DUE}:
            fired += 1
            assert waiting.pop(event.signal.body["timer"], None) == event.signal.occurred_at

    assert fired > 1_000
    assert [due for due in waiting.values() if due <= to_instant(END)] == []


def test_a_rebuild_gives_the_same_projections(year: Year) -> None:
    assert rebuild(year.home).equal


def test_replay_decides_everything_again_the_same(year: Year) -> None:
    report = replay(year.home)

    assert report.different == []
    assert report.identical == report.decisions > 1_000
    assert report.not_replayable == 0


# --- reading a year -----------------------------------------------------------------------------------


def decisions_of(events: Iterable[tuple[int, Event]]) -> Iterator[Decision]:
    for _, event in events:
        if isinstance(event, Stepped) and event.decision is not None:
            yield event.decision


def effects_of(events: Iterable[tuple[int, Event]]) -> Iterator[tuple[int, Effect]]:
    for seq, event in events:
        if isinstance(event, Stepped):
            yield from ((seq, effect) for effect in event.effects)


def moves_of(events: Iterable[tuple[int, Event]]) -> Iterator[tuple[str, str]]:
    """Every move on the ledger: how attempts ended, and what steps changed."""
    for _, event in events:
        if isinstance(event, Attempted) and event.attempt.state:
            yield event.attempt.effect_id, event.attempt.state
        elif isinstance(event, Stepped):
            yield from ((change.effect_id, change.state) for change in event.effect_changes)


def asked_effects(year: Year) -> list[tuple[Asked, Effect]]:
    """Requests that left for a connector, with their effects."""
    effects = {effect.id: effect for _, effect in effects_of(year.events)}
    return [(asked, effects[asked.key]) for asked in year.asked]


def in_order(year: Year) -> Iterator[Fact | Effect]:
    """Facts about consent as they were recorded, and effects as they left, in the order of the log."""
    effects = {effect.id: effect for _, effect in effects_of(year.events)}
    left = {(asked.key, asked.attempt) for asked in year.asked}
    for _, event in year.events:
        if isinstance(event, Stepped):
            yield from (fact for fact in event.facts if fact.predicate.startswith("consent."))
        elif isinstance(event, Attempted) and not event.attempt.state:
            name = (event.attempt.effect_id, event.attempt.number)
            yield from (effects[name[0]],) if name in left else ()


def is_out(facts: dict[str, Fact], channel: str) -> bool:
    """Whether the latest word of somebody on this channel, or on all, is no."""
    words = [fact for name in (channel, "all") if (fact := facts.get(f"consent.{name}"))]
    last = max(words, key=lambda fact: (fact.valid_from, fact.value), default=None)
    return last is not None and last.value == "withdrawn"


def is_commercial(effect: Effect) -> bool:
    return effect.purpose == "commercial" and effect.channel != ""


def is_taken(row: Reservation) -> bool:
    return row.state in {"held", "used"}


def is_open(customer: Customer, channel: str, at: Instant) -> bool:
    """House hours for e-mail and chat; the widest of any country's hours for the phone's channels."""
    local = to_datetime(at).astimezone(ZoneInfo(customer.zone))
    if channel in {"sms", "whatsapp"}:
        return 8 <= local.hour < 22
    if local.date() in holidays.country_holidays(customer.country) or local.weekday() == 6:
        return False
    opens, closes = (9, 18) if local.weekday() == 5 else (8, 20)
    return opens <= local.hour < closes
