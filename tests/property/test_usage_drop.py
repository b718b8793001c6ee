"""The shortcut for steady use never hides a drop, and a drop is always below its threshold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.core.units import PPM
from segue.plays import usage
from segue.plays.usage import find_drop

SETTINGS = {
    "window_days": 7,
    "baseline_days": 14,
    "min_days": 7,
    "drop_ppm": 400_000,
    "outage_ppm": 500_000,
    "at_least": 1,
}
TODAY = 740_000
COUNTS = st.lists(st.integers(0, 30), min_size=35, max_size=35)


@given(COUNTS, COUNTS, st.sets(st.integers(1, 35), max_size=6))
def test_the_shortcut_changes_nothing(own: list[int], others: list[int], quiet: set[int]) -> None:
    mine = {TODAY - back: count for back, count in enumerate(own, 1)}
    everyone = {TODAY - back: count * 9 + own[back - 1] for back, count in enumerate(others, 1)}

    def is_quiet(day: int) -> bool:
        return TODAY - day in quiet

    found = find_drop(mine, everyone, TODAY, is_quiet, SETTINGS)
    with pytest.MonkeyPatch.context() as without:
        without.setattr(usage, "_is_steady", lambda *_: False)
        looked_at_in_full = find_drop(mine, everyone, TODAY, is_quiet, SETTINGS)

    assert found == looked_at_in_full
    if found:
        assert found.observed * PPM <= (found.expected + 1) * (PPM - SETTINGS["drop_ppm"])
        assert 4 <= found.days <= 7
