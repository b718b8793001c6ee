"""Reads across all lanes give what a walk over every record gives."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

import segue
from segue.bootstrap import read_home, rebuild
from segue.core.held import kept_back
from segue.core.ports import Reader
from segue.core.units import DAY, Instant
from tests.e2e.browsing import START, WORDS, live

EVER = Instant(2**60)
CONFLICT = segue.Signal("crm", "1.0", "page.viewed", ["email:ann@x.io"], START, {"path": "/x"})


async def lived(path: Path) -> None:
    await live(path, CONFLICT, accounts=3)
    async with segue.open(path, clock=segue.VirtualClock(START + timedelta(hours=1))) as app:
        ticket = {"ticket": "t1", "topic": "billing"}
        at = START + timedelta(hours=1)
        await app.submit([segue.Signal("desk", "t", "ticket.opened", ["email:ann@x.io"], at, ticket)])
        await app.settle(until=START + timedelta(days=2))
        await app.control(by="rep:eve", kill_switch=True)
        await app.control(by="rep:eve", pause="save-cancel")
        await app.control(by="rep:eve", pause="upgrade")
        await app.control(by="rep:eve", resume="upgrade")
        await app.settle(until=START + timedelta(days=8))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("overview") / "home"
    asyncio.run(lived(path))
    return path


@contextmanager
def reading(home: Path) -> Iterator[Reader]:
    with read_home(home) as readings, readings.store.read() as reader:
        yield reader


def test_days_are_counted_as_a_walk_counts_them(home: Path) -> None:
    with reading(home) as reader:
        every = reader.decisions(limit=10_000)
        middle = every[len(every) // 2][0]
        for after in (0, middle):
            counted = reader.overview.day_counts(after)
            told = Counter[tuple[object, ...]]()
            for count in counted:
                told[count.day, count.mode, count.question, count.play, count.held] += count.number
            walked = Counter(
                (d.at // DAY, d.mode, d.question, d.play, kept_back(d)) for seq, d in every if seq > after
            )
            assert told == walked
    assert any(count.held for count in counted)


def test_expected_money_is_the_sum_of_the_scores(home: Path) -> None:
    with reading(home) as reader:
        told = sum(count.expected_micro for count in reader.overview.day_counts())
        scores = [d.choice.score for _, d in reader.decisions(limit=10_000)]

    assert told == sum(score.total for score in scores if score)


@pytest.mark.parametrize("name", ["mode", "play", "question", "held", "account"])
def test_a_filter_finds_what_a_walk_finds(home: Path, name: str) -> None:
    with reading(home) as reader:
        every = reader.decisions(limit=10_000)
        there: dict[str, set[str]] = {
            "mode": {d.mode for _, d in every},
            "play": {d.play for _, d in every if d.play},
            "question": {d.question for _, d in every},
            "held": {rule for _, d in every for rule in kept_back(d)},
            "account": {d.account_id for _, d in every if d.account_id},
        }
        values = there[name]
        for value in values:
            wanted = [
                (seq, d.id)
                for seq, d in every
                if value in (kept_back(d) if name == "held" else [getattr(d, name, d.account_id)])
            ]
            found = reader.overview.decisions({name: value}, limit=10_000)
            paged = reader.overview.decisions({name: value}, limit=1)
            paged += reader.overview.decisions({name: value}, limit=10_000, before=paged[-1][0])

            assert [(seq, d.id) for seq, d in found] == wanted
            assert paged == found
    assert values


def test_part_of_a_rules_name_finds_nothing(home: Path) -> None:
    with reading(home) as reader:
        rule = next(count.held[0] for count in reader.overview.day_counts() if count.held)

        assert reader.overview.decisions({"held": rule[:-1]}, limit=1) == []


def test_what_is_stopped_and_paused_is_told(home: Path) -> None:
    with reading(home) as reader:
        before = reader.overview.controls(Instant(0))
        now = reader.overview.controls(EVER)

    assert (before.kill_switch, before.paused) == (None, {})
    assert now.kill_switch is not None
    assert list(now.paused) == ["save-cancel"]


def test_people_and_accounts_are_named_with_what_is_known(home: Path) -> None:
    with reading(home) as reader:
        (decision,) = (d for _, d in reader.overview.decisions({"mode": "approve"}, limit=1))
        people = reader.overview.people([decision.person_id, "nobody"])
        accounts = reader.overview.accounts([decision.account_id, ""])
        members = reader.overview.members(decision.account_id, 10)

    assert {name: named.name for name, named in people.items()} == {decision.person_id: "Ann Lee"}
    assert accounts[decision.account_id].name == "Xylo"
    assert "email" in {fact.predicate for fact in people[decision.person_id].facts}
    assert members == list(people.values())


def test_an_account_is_told_with_its_members_goals_and_decisions(home: Path) -> None:
    with reading(home) as reader:
        decision = reader.overview.decisions({"mode": "approve"}, limit=1)[0][1]
        view = reader.overview.account(decision.account_id)
        missing = reader.overview.account("none"), reader.overview.account("")
        every = [d for _, d in reader.decisions(limit=10_000) if d.account_id == decision.account_id]

    assert missing == (None, None)
    assert view is not None
    assert [member.name for member in view.members] == ["Ann Lee"]
    assert not view.more_members
    assert "save-cancel" in {goal.play for goal in view.goals}
    assert [d.id for d in view.decisions] == [d.id for d in every][:25]
    assert {d.choice.candidate.offer for d in view.offers} == {"discount_10"}


def test_approvals_are_read_in_pages_by_value(home: Path) -> None:
    with reading(home) as reader:
        every = [item for status in ("pending", "expired") for item in reader.approvals(status=status)]
        status = every[0].status
        same = [item for item in every if item.status == status]
        first = reader.overview.approvals(status, limit=2)
        rest = reader.overview.approvals(status, limit=9, after=(first[-1].value_micro, first[-1].id))
        one = reader.overview.approval(first[0].id)
        waiting = reader.approvals()
        number, worth = reader.overview.approvals_worth()

    assert [item.id for item in (*first, *rest)] == [item.id for item in same]
    assert one == first[0]
    assert (number, worth) == (len(waiting), sum(item.value_micro for item in waiting))


def test_goals_and_their_plays_are_summed(home: Path) -> None:
    with reading(home) as reader:
        persons = {d.person_id for _, d in reader.decisions(limit=10_000) if d.person_id}
        views = [reader.person(name, as_of=None, known_at=None) for name in persons]
        goals = {goal.id: goal for view in views if view for goal in view.goals}
        worth = Counter[str]()
        for goal in goals.values():
            if goal.status == "open":
                worth[goal.play] += goal.value_micro
        told = {item.play: item.value_micro for item in reader.overview.open_goals()}
        plays = reader.overview.plays_of_goals(goals)

    assert told == dict(worth)
    assert plays == {goal.id: goal.play for goal in goals.values()}
    assert told


def test_outcomes_ways_and_letters_are_told(home: Path) -> None:
    with reading(home) as reader:
        outcomes = reader.overview.outcomes_since(Instant(0), 1_000)
        assert sorted(item.id for item in outcomes) == sorted(item.id for item in reader.outcomes())
        assert reader.overview.outcomes_since(EVER, 1_000) == []

        waiting = Counter(row.effect.connector for row in reader.due_effects(EVER, 1_000))
        ways = reader.overview.ways(EVER)
        assert {way.connector: way.due for way in ways if way.due} == dict(waiting)
        assert all(way.oldest_due_at is None and way.due == 0 for way in reader.overview.ways(Instant(0)))
        assert reader.overview.unknown_effects(10) == []

        (letter,) = reader.overview.letters(limit=10)
        assert (letter.code, letter.signal.body) == ("conflict", {"path": "/x"})
        assert reader.overview.letters(limit=10, before=letter.seq) == []
        assert reader.overview.letters_count() == 1


def test_a_rebuild_changes_none_of_it(home: Path) -> None:
    assert WORDS
    assert rebuild(home).equal
