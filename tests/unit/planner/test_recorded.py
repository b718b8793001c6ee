"""Which of a decision's shared reads lack what erased ones fed."""

from segue.core.records.decisions import Decision, SharedRead
from segue.planner import lacking
from tests.build import NOW

HOUR, DAY = "hour:chosen:upgrade", "cap:seats:tenant:2026-10-05"


def reading(**values: int) -> Decision:
    names = {"hour": HOUR, "day": DAY}
    shared = (SharedRead("kill_switch", value=False), *(SharedRead(names[k], n) for k, n in values.items()))
    return Decision("d", "s", 0, NOW, "", "", "next_action", (), "", "nothing", "", "", shared=shared)


def test_what_is_less_now_lacks_the_difference() -> None:
    assert lacking(reading(hour=3, day=2), reading(hour=2), erased=4) == {HOUR: 1, DAY: 2}


def test_what_is_more_now_is_left() -> None:
    assert lacking(reading(hour=3), reading(hour=4), erased=4) == {}


def test_a_counter_lacks_no_more_than_the_events_that_are_gone() -> None:
    assert lacking(reading(hour=9), reading(hour=2), erased=4) == {}
