"""The decision list: newest first, in pages, filtered by plain links."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from segue.console.phrases import MODES, badge, choice
from segue.console.settings import PageSettings
from segue.console.tally import Totals
from segue.console.who import Who, who_of
from segue.console.wording import money, words
from segue.core.ports import Reader
from segue.core.records.decisions import Decision

PER_PAGE = 50
REACH = 5_000
"""How many decisions one page looks through for those that pass its filters."""
_BATCH = 500
FILTERS = ("play", "mode", "question")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    decision: Decision
    who: Who
    chosen: str
    badge: tuple[str, str]
    worth: str


@dataclass(frozen=True, slots=True)
class Link:
    """A filter: its words, how many decisions it has, where it leads, whether it is on."""

    text: str
    count: int | None
    url: str
    on: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list; `older` is empty at the end."""

    rows: tuple[Row, ...]
    totals: Totals
    filters: tuple[tuple[str, tuple[Link, ...]], ...]
    newest: str
    older: str
    looked_through: int


def listing(
    reader: Reader, settings: PageSettings, totals: Totals, wanted: Mapping[str, str], before: int | None
) -> Listing:
    """Read one page.

    Args:
        reader: Read from.
        settings: Units and names.
        totals: Numbers on top, and what there is to filter by.
        wanted: Values by filter name: `play`, `mode`, `question`.
        before: Log position to read on from; None is the newest.
    """
    wanted = {name: wanted[name] for name in FILTERS if wanted.get(name)}
    found: list[Decision] = []
    looked, last = 0, before
    for position, decision in _walk(reader, before):
        looked, last = looked + 1, position
        if all(getattr(decision, name) == value for name, value in wanted.items()):
            found.append(decision)
        if len(found) == PER_PAGE or looked == REACH:
            break
    more = (len(found) == PER_PAGE or looked == REACH) and bool(reader.decisions(limit=1, before=last))
    return Listing(
        rows=tuple(_row(reader, decision, settings) for decision in found),
        totals=totals,
        filters=_filters(totals, wanted),
        newest=_url(wanted) if before is not None else "",
        older=_url({**wanted, "before": str(last)}) if more else "",
        looked_through=looked,
    )


def _walk(reader: Reader, before: int | None) -> Iterator[tuple[int, Decision]]:
    while batch := reader.decisions(limit=_BATCH, before=before):
        yield from batch
        before = batch[-1][0]


def _row(reader: Reader, decision: Decision, settings: PageSettings) -> Row:
    score = decision.choice.score
    return Row(
        decision=decision,
        who=who_of(reader, decision, reader.signal(decision.signal_id)),
        chosen=choice(decision),
        badge=badge(decision),
        worth=money(score.total, settings.reporting) if score and score.total else "",
    )


def _filters(totals: Totals, wanted: Mapping[str, str]) -> tuple[tuple[str, tuple[Link, ...]], ...]:
    there = {"play": totals.plays, "mode": totals.modes, "question": totals.questions}
    return tuple((name, tuple(_links(name, there[name], wanted))) for name in FILTERS)


def _links(name: str, there: tuple[tuple[str, int], ...], wanted: Mapping[str, str]) -> Iterator[Link]:
    others = {key: value for key, value in wanted.items() if key != name}
    yield Link("all", None, _url(others), on=name not in wanted)
    for item, count in there:
        text = MODES[item] if name == "mode" else words(item)
        yield Link(text, count, _url({**others, name: item}), on=wanted.get(name) == item)


def _url(query: Mapping[str, str]) -> str:
    return f"/?{urlencode(query)}" if query else "/"
