"""Promises under any story: each ends once, never both kept and broken, and the same story ends the same."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from segue.core.records.events import Stepped
from segue.core.records.percepts import Percept, Preference, Promise
from segue.core.records.promised import DEEDS, WAITS, promises_in
from segue.core.records.signals import Kind, Signal
from segue.core.units import DAY, HOUR, Instant
from segue.graph import Memory, apply
from segue.planner import House, step
from tests.build import ANN, NOW, a_context, a_fact, a_signal
from tests.unit.planner.build import IDS, book

HOUSE = House(book(), "engine", IDS)
_DUE = st.sampled_from(["", "d+1", "d+2", "h+3", "wd4"])
_PROMISES = st.builds(Promise, st.sampled_from(["customer", "company"]), st.sampled_from(sorted(DEEDS)), _DUE)
_WISHES = st.sampled_from(
    [(), (Preference("pause_until", "d+3", "later"),), (Preference("stop", "all", "stop"),)]
)
_PERCEPTS = st.builds(
    lambda promises, wishes, away: Percept(
        "m", promises=tuple(promises), preferences=wishes, away_until=away
    ),
    st.lists(_PROMISES, max_size=2),
    _WISHES,
    st.sampled_from(["", "d+2"]),
)
_WORDS = st.sampled_from(
    ["Fine.", "I'll call you tomorrow.", "We won't send you any more mails this week.", "I'll send it."]
)
_HAPPENINGS = st.one_of(
    st.tuples(st.just("wrote"), _PERCEPTS),
    st.tuples(st.just("rep"), _WORDS),
    st.tuples(st.just("tool"), st.just("Buy")),
    st.tuples(st.just("call"), st.just("")),
    st.tuples(st.just("back"), st.sampled_from(["reply", "quiet", "send"])),
    st.tuples(st.just("due"), st.integers(0, 3)),
)
_STORY = st.lists(st.tuples(_HAPPENINGS, st.integers(0, 60), st.integers(0, 30)), min_size=1, max_size=14)


def told(
    n: int, what: str, of: object, at: Instant, now: Instant, promise: str
) -> tuple[Signal, Percept | None]:
    bodies: dict[str, tuple[Kind, dict[str, Any]]] = {
        "wrote": (Kind.MESSAGE_RECEIVED, {"channel": "email", "text": "..."}),
        "rep": (Kind.MESSAGE_SENT, {"channel": "email", "by": "rep:eve", "text": of}),
        "tool": (Kind.MESSAGE_SENT, {"channel": "email", "by": "tool:mailer", "text": of}),
        "call": (Kind.CALL_TRANSCRIBED, {"turns": [{"speaker": "customer", "text": "Hi"}]}),
        "back": (Kind.CONVERSATION_RELEASED, {"by": "rep:eve", "promise": {"what": of, "due": "d+1"}}),
        "due": (Kind.PROMISE_DUE, {"promise": promise, "about": "due"}),
    }
    kind, body = bodies[what]
    by_subject = {"subject": ANN, "identifiers": ()} if what == "due" else {}
    signal = a_signal(kind, body, id=f"s{n:03}", occurred_at=at, received_at=now, **by_subject)
    return signal, of if isinstance(of, Percept) else None


def played(story: Sequence[tuple[tuple[str, object], int, int]]) -> list[Stepped]:
    """Step a story; each event comes some hours after the one before, told some hours late."""
    context = a_context(a_fact("time_zone", "Europe/Berlin"))
    now, done = NOW, []
    for n, ((what, of), ahead, late) in enumerate(story):
        now = Instant(now + ahead * HOUR)
        known = sorted(one.id for one in promises_in(context.facts))
        promise = known[of % len(known)] if isinstance(of, int) and known else ""
        signal, percept = told(n, what, of, Instant(now - late * HOUR), now, promise)
        stepped = step(replace(context, now=now), signal, percept, HOUSE)
        context = apply(replace(context, now=now), Memory(facts=stepped.facts, messages=stepped.messages))
        done.append(stepped)
    return done


@given(_STORY)
def test_a_promise_ends_once_and_is_never_both_kept_and_broken(
    story: list[tuple[tuple[str, object], int, int]],
) -> None:
    states: dict[str, list[str]] = defaultdict(list)
    for stepped in played(story):
        for one in promises_in(stepped.facts):
            states[one.id].append(one.state)

    for found in states.values():
        assert found[0] == "open"
        assert found[1:] in ([], ["kept"], ["broken"], ["withdrawn"])


@given(_STORY)
def test_the_same_story_ends_the_same_byte_for_byte(
    story: list[tuple[tuple[str, object], int, int]],
) -> None:
    assert played(story) == played(story)


@given(_STORY)
def test_what_has_ended_wakes_nobody_and_what_waits_has_its_time(
    story: list[tuple[tuple[str, object], int, int]],
) -> None:
    for stepped in played(story):
        ended = {one.id for one in promises_in(stepped.facts) if not one.is_open}
        woken = {timer.body["promise"] for timer in stepped.timers if timer.kind == "promise"}
        assert not ended & woken
        for one in promises_in(stepped.facts):
            assert one.what in DEEDS | WAITS
            assert one.due_at == 0 or one.due_at <= one.said_at + 366 * DAY
