"""The pages: a query comes in, one consistent read is made, and plain HTML goes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from segue.console import wording
from segue.console.listing import listing
from segue.console.phrases import told
from segue.console.receipt import heard, receipt_view
from segue.console.settings import PageSettings
from segue.console.tally import Tally
from segue.console.timeline import timeline
from segue.core.ports import Reader
from segue.core.units import Instant, to_instant

OK, WRONG, MISSING = 200, 400, 404


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered page and its HTTP status."""

    status: int
    html: str


class Pages:
    """The pages of one tenant; may be used from any thread.

    Args:
        settings: Units and names.
    """

    def __init__(self, settings: PageSettings) -> None:
        self._settings = settings
        self._tally = Tally()
        self._templates = _environment(settings)

    def decisions(self, reader: Reader, query: Mapping[str, str]) -> Page:
        """The decision list; `query` may hold `before`, `play`, `mode`, `question`."""
        before = query.get("before", "")
        if before and not (before.isascii() and before.isdigit() and len(before) < 19):  # noqa: PLR2004 - 64 bits
            return self.problem(WRONG, "That is no place in the log", f"`before={before}` is no number.")
        totals = self._tally.read(reader)
        found = listing(reader, self._settings, totals, query, int(before) if before else None)
        return self._render("decisions.html", page=found)

    def decision(self, reader: Reader, decision_id: str) -> Page:
        """The receipt of one decision."""
        receipt = reader.receipt(decision_id)
        if receipt is None:
            return self.missing(
                f"There is no decision `{decision_id}`. It may have been erased with its person."
            )
        return self._render("receipt.html", page=receipt_view(reader, receipt, self._settings))

    def person(self, reader: Reader, person_id: str, query: Mapping[str, str]) -> Page:
        """A person's timeline; `query` may hold `as_of` (valid time) and `known_at` (recorded time)."""
        times: dict[str, Instant | None] = {}
        for name in ("as_of", "known_at"):
            try:
                times[name] = _instant(query.get(name, ""))
            except ValueError:
                return self.problem(WRONG, "That is no time", f"`{name}={query[name]}` is no ISO 8601 time.")
        view = reader.person(person_id, as_of=times["as_of"], known_at=times["known_at"])
        if view is None:
            return self.missing(f"Nobody is known as `{person_id}` at that time.")
        page = timeline(reader, view, self._settings)
        asked = {name: query.get(name, "") for name in times}
        return self._render("person.html", page=page, asked=asked)

    def signal(self, reader: Reader, signal_id: str) -> Page:
        """One signal, and what was read in it."""
        signal = reader.signal(signal_id)
        if signal is None:
            return self.missing(f"There is no signal `{signal_id}`. It may have been erased with its person.")
        return self._render("signal.html", heard=heard(reader, signal), percept=reader.percept(signal_id))

    def missing(self, sentence: str = "There is no such page.") -> Page:
        """What is not there."""
        return self.problem(MISSING, "Not found", sentence)

    def problem(self, status: int, title: str, sentence: str) -> Page:
        """A page that says what is wrong."""
        return self._render("problem.html", status, title=title, sentence=sentence)

    def _render(self, template: str, status: int = OK, **values: Any) -> Page:  # noqa: ANN401 - template values
        return Page(status, self._templates.get_template(template).render(**values))


def style() -> str:
    """The style sheet of all pages."""
    return files("segue.console").joinpath("style.css").read_text(encoding="utf-8")


def _environment(settings: PageSettings) -> Environment:
    made = Environment(
        loader=PackageLoader("segue.console"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    names = ("moment", "exact", "day", "clock", "share", "words", "plain", "prose", "sentence")
    made.filters.update({name: getattr(wording, name) for name in names})
    made.filters["money"] = lambda micro: wording.money(micro, settings.reporting)
    made.filters["told"] = told
    made.filters["wish"] = lambda wish: wording.value(wish.kind, wish.value, settings)
    made.globals.update(tenant=settings.tenant, reporting=settings.reporting, dict=dict)
    return made


def _instant(text: str) -> Instant | None:
    """An ISO 8601 time; without an offset it is UTC, as the page says.

    >>> _instant("2026-11-02T09:00") == _instant("2026-11-02T10:00+01:00")
    True
    """
    if not text:
        return None
    at = datetime.fromisoformat(text)
    return to_instant(at if at.tzinfo else at.replace(tzinfo=UTC))
