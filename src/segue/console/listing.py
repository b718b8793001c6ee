"""The decision list: newest first, in pages, filtered by plain links."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from segue.console.phrases import MODES, badge, choice, held_by
from segue.console.settings import PageSettings
from segue.console.tally import Totals
from segue.console.veil import Veil
from segue.console.who import Names, Who
from segue.console.wording import money, words
from segue.core.ports import Reader
from segue.core.records.decisions import Decision

PER_PAGE = 50
FILTERS = ("play", "mode", "question", "held")
PATH = "/decisions"
_MOST_RULES = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    decision: Decision
    who: Who
    chosen: str
    badge: tuple[str, str]
    worth: str
    because: str


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


def listing(
    reader: Reader,
    settings: PageSettings,
    totals: Totals,
    wanted: Mapping[str, str],
    *,
    before: int | None,
    revealed: Collection[str] = (),
) -> Listing:
    """Read one page.

    Args:
        reader: Read from.
        settings: Units and names.
        totals: Numbers on top, and what there is to filter by.
        wanted: Values by filter name: `play`, `mode`, `question`, `held`.
        before: Log position to read on from; None is the newest.
        revealed: Whose personal data are open.
    """
    wanted = {name: wanted[name] for name in FILTERS if wanted.get(name)}
    found = reader.overview.decisions(wanted, limit=PER_PAGE + 1, before=before)
    more, shown = len(found) > PER_PAGE, found[:PER_PAGE]
    return Listing(
        rows=tuple(rows(reader, settings, [decision for _, decision in shown], revealed)),
        totals=totals,
        filters=_filters(totals, wanted),
        newest=_url(wanted) if before is not None else "",
        older=_url({**wanted, "before": str(shown[-1][0])}) if more else "",
    )


def rows(
    reader: Reader, settings: PageSettings, decisions: Collection[Decision], revealed: Collection[str]
) -> Iterator[Row]:
    """Prepare decisions for a table."""
    names = Names.of(reader, revealed, decisions)
    for decision in decisions:
        veil = names.veil(decision.person_id, decision.account_id)
        yield _row(decision, names.who_of(decision), veil, settings)


def _row(decision: Decision, who: Who, veil: Veil, settings: PageSettings) -> Row:
    score = decision.choice.score
    return Row(
        decision=decision,
        who=who,
        chosen=choice(decision),
        badge=badge(decision),
        worth=money(score.total, settings.reporting) if score and score.total else "",
        because=veil.text(decision.because),
    )


def _filters(totals: Totals, wanted: Mapping[str, str]) -> tuple[tuple[str, tuple[Link, ...]], ...]:
    there = {
        "play": totals.plays,
        "mode": totals.modes,
        "question": totals.questions,
        "held": totals.rules[:_MOST_RULES],
    }
    return tuple((name, tuple(_links(name, there[name], wanted))) for name in FILTERS)


def _links(name: str, there: tuple[tuple[str, int], ...], wanted: Mapping[str, str]) -> Iterator[Link]:
    others = {key: value for key, value in wanted.items() if key != name}
    yield Link("all", None, _url(others), on=name not in wanted)
    for item, count in there:
        yield Link(_text(name, item), count, _url({**others, name: item}), on=wanted.get(name) == item)
    if name in wanted and wanted[name] not in dict(there):
        yield Link(_text(name, wanted[name]), None, _url(wanted), on=True)


def _text(name: str, item: str) -> str:
    if name == "mode":
        return MODES.get(item, item)
    return held_by(item) if name == "held" else words(item)


def _url(query: Mapping[str, str]) -> str:
    return f"{PATH}?{urlencode(query)}" if query else PATH
