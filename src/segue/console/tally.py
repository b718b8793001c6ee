"""The tally: decisions counted by day once, and after that only those that are new in the log."""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from segue.core.ports import Reader
from segue.core.records.overview import DayCount

Pairs = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """Decisions counted by what they came to.

    Attributes:
        held: Decisions in which something was kept back by policy, a limit, or a human's switch.
        rules: What kept something back, most often first.
        expected_micro: Sum of the scores of what was chosen.
        expected_by_play: ... by play.
    """

    decisions: int
    held: int
    expected_micro: int
    plays: Pairs
    modes: Pairs
    questions: Pairs
    rules: Pairs
    expected_by_play: Pairs

    def came_to(self, *modes: str) -> int:
        """How many decisions came to one of these modes."""
        return sum(number for mode, number in self.modes if mode in modes)


@dataclass(slots=True)
class Tally:
    """Counts that grow with the log; may be read from any thread."""

    position: int = 0
    _counts: dict[tuple[int, str, str, str, tuple[str, ...]], DayCount] = field(default_factory=dict)
    _mutex: threading.Lock = field(default_factory=threading.Lock)

    def bring_up(self, reader: Reader) -> None:
        """Bring the counts up to the reader's position."""
        with self._mutex:
            position = reader.position()
            if position <= self.position:
                return
            for new in reader.overview.day_counts(self.position):
                key = (new.day, new.mode, new.question, new.play, new.held)
                self._counts[key] = _sum(new, self._counts.get(key))
            self.position = position

    def totals(self, reader: Reader, first_day: int = 0) -> Totals:
        """Decisions of a day (days since 1970-01-01) and later ones."""
        self.bring_up(reader)
        with self._mutex:
            return _totals(count for count in self._counts.values() if count.day >= first_day)

    def days(self, reader: Reader, first_day: int, last_day: int) -> Iterator[tuple[int, Totals]]:
        """Each day on its own."""
        self.bring_up(reader)
        with self._mutex:
            recent = [count for count in self._counts.values() if count.day >= first_day]
        for day in range(first_day, last_day + 1):
            yield day, _totals(count for count in recent if count.day == day)


def _sum(new: DayCount, known: DayCount | None) -> DayCount:
    if known is None:
        return new
    return DayCount(
        *(new.day, new.mode, new.question, new.play, new.held),
        new.number + known.number,
        new.expected_micro + known.expected_micro,
    )


def _totals(counts: Iterable[DayCount]) -> Totals:
    names: dict[str, Counter[str]] = {
        kind: Counter() for kind in ("play", "mode", "question", "rule", "expected")
    }
    decisions = held = expected = 0
    for count in counts:
        decisions += count.number
        held += count.number if count.held else 0
        names["mode"][count.mode] += count.number
        names["question"][count.question] += count.number
        if count.mode in {"act", "approve"}:
            expected += count.expected_micro
            names["expected"][count.play] += count.expected_micro
        if count.play:
            names["play"][count.play] += count.number
        for rule in count.held:
            names["rule"][rule] += count.number
    return Totals(
        decisions=decisions,
        held=held,
        expected_micro=expected,
        plays=tuple(sorted(names["play"].items())),
        modes=tuple(names["mode"].most_common()),
        questions=tuple(names["question"].most_common()),
        rules=tuple(sorted(names["rule"].items(), key=lambda item: (-item[1], item[0]))),
        expected_by_play=tuple(sorted(names["expected"].items())),
    )
