"""The pages that are read: a query comes in, one consistent read is made, and plain HTML goes out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from segue.bootstrap.keeping import kept_of
from segue.console.account import account_page
from segue.console.listing import listing
from segue.console.meaning import meaning, percept_of
from segue.console.memory import TOLD, memory_page
from segue.console.receipt import heard, receipt_view
from segue.console.rendering import WRONG, Look, Page, Renderer
from segue.console.settings import PageSettings
from segue.console.tally import Tally
from segue.console.timeline import timeline
from segue.console.today import today
from segue.console.who import whose
from segue.core.ports import PersonView, Reader
from segue.core.records.playbook import Playbook
from segue.core.units import Instant, to_instant

_LONGEST_NUMBER = 19
"""Digits of the largest log position and of the latest instant."""


class Pages(Renderer):
    """The pages of one tenant that are read; may be used from any thread.

    Args:
        settings: Units and names.
        tally: Counts made before, which a new playbook leaves as they are.
    """

    def __init__(self, settings: PageSettings, tally: Tally | None = None) -> None:
        super().__init__(settings)
        self.tally = tally or Tally()

    def today(self, reader: Reader, look: Look, query: Mapping[str, str]) -> Page:
        """The first page; `live=1` in the query has the browser load it again by itself."""
        found = today(
            reader,
            self.settings,
            look.visitor,
            self.tally,
            look.lines,
            now=look.now,
            revealed=look.revealed,
        )
        return self.page("today.html", reader, look, page=found, live=query.get("live") == "1")

    def decisions(self, reader: Reader, look: Look, query: Mapping[str, str]) -> Page:
        """The decision list; `query` may hold `before`, `play`, `mode`, `question`, `held`."""
        before = query.get("before", "")
        if before and _number(before) is None:
            return self.problem(WRONG, "That is no place in the log", f"`before={before}` is no number.")
        totals = self.tally.totals(reader)
        found = listing(reader, self.settings, totals, query, before=_number(before), revealed=look.revealed)
        return self.page("decisions.html", reader, look, page=found)

    def decision(self, reader: Reader, look: Look, decision_id: str) -> Page:
        """The receipt of one decision."""
        receipt = reader.receipt(decision_id)
        if receipt is None:
            return self.missing(
                f"There is no decision `{decision_id}`. It may have been erased with its person."
            )
        view = receipt_view(reader, receipt, self.settings, look.revealed)
        return self.page("receipt.html", reader, look, page=view)

    def person(self, reader: Reader, look: Look, person_id: str, query: Mapping[str, str]) -> Page:
        """A person's timeline.

        Args:
            reader: Read from.
            look: Who looks.
            person_id: Whose.
            query: May hold `as_of` (valid time), `known_at` (recorded time), `channel`, and `before`: an
                instant to read on from.
        """
        times: dict[str, Instant | None] = {}
        for name in ("as_of", "known_at"):
            try:
                times[name] = _instant(query.get(name, ""))
            except ValueError:
                return self.problem(WRONG, "That is no time", f"`{name}={query[name]}` is no ISO 8601 time.")
        before = query.get("before", "")
        if before and _number(before) is None:
            return self.problem(WRONG, "That is no time", f"`before={before}` is no number.")
        view = reader.person(person_id, as_of=times["as_of"], known_at=times["known_at"])
        if view is None:
            return self.missing(f"Nobody is known as `{person_id}` at that time.")
        at = _number(before)
        if at is not None:
            view = _earlier(reader, view, times, Instant(at))
        page = timeline(
            reader,
            view,
            self.settings,
            look.revealed,
            channel=query.get("channel", ""),
            before=None if at is None else Instant(at),
            as_of=times["as_of"],
        )
        asked = {name: query.get(name, "") for name in ("as_of", "known_at", "channel", "before")}
        kept = kept_of(view, reader, look.ids, self.settings.rules)
        return self.page("person.html", reader, look, page=page, asked=asked, kept=kept.sentence_at(look.now))

    def memory(self, reader: Reader, look: Look, person_id: str, playbook: Playbook, told: str = "") -> Page:
        """A person's memory card; `told` is the name of what became of a form."""
        view = reader.person(person_id, as_of=None, known_at=None)
        if view is None:
            return self.missing(f"Nobody is known as `{person_id}`.")
        page = memory_page(reader, view, self.settings, playbook, look.now, look.revealed)
        kept = kept_of(view, reader, look.ids, self.settings.rules)
        return self.page(
            "memory.html", reader, look, page=page, told=TOLD.get(told, ""), kept=kept.sentence_at(look.now)
        )

    def account(self, reader: Reader, look: Look, account_id: str) -> Page:
        """An account."""
        view = reader.overview.account(account_id)
        if view is None:
            return self.missing(f"No account is known as `{account_id}`.")
        page = account_page(reader, view, self.settings, look.revealed)
        return self.page("account.html", reader, look, page=page)

    def signal(self, reader: Reader, look: Look, signal_id: str) -> Page:
        """One signal, and what was read in it."""
        signal = reader.signal(signal_id)
        if signal is None:
            return self.missing(f"There is no signal `{signal_id}`. It may have been erased with its person.")
        whom, veil = whose(reader, signal, look.ids, look.revealed)
        return self.page(
            "signal.html",
            reader,
            look,
            heard=heard(reader, signal, veil),
            percept=percept_of(reader, signal),
            veil=veil,
            whom=whom,
        )

    def meaning(self, reader: Reader, look: Look, signal_id: str) -> Page:
        """One message, with what was read in it marked on its words."""
        signal = reader.signal(signal_id)
        if signal is None:
            return self.missing(f"There is no signal `{signal_id}`. It may have been erased with its person.")
        whom, veil = whose(reader, signal, look.ids, look.revealed)
        found = meaning(reader, signal, veil, self.settings)
        if found is None:
            return self.missing(f"Signal `{signal_id}` holds no words that were read.")
        return self.page("meaning.html", reader, look, page=found, veil=veil, whom=whom)


def _earlier(
    reader: Reader, view: PersonView, times: Mapping[str, Instant | None], before: Instant
) -> PersonView:
    """The same person with what happened before an instant: a view holds only the newest of everything."""
    as_of = times["as_of"]
    end = Instant(before - 1 if as_of is None else min(as_of, before - 1))
    then = reader.person(view.person_id, as_of=end, known_at=times["known_at"])
    if then is None:
        return view
    return replace(
        view,
        messages=then.messages,
        exposures=then.exposures,
        outcomes=then.outcomes,
        decisions=then.decisions,
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < _LONGEST_NUMBER else None


def _instant(text: str) -> Instant | None:
    """An ISO 8601 time; without an offset it is UTC, as the page says.

    >>> _instant("2026-11-02T09:00") == _instant("2026-11-02T10:00+01:00")
    True
    """
    if not text:
        return None
    at = datetime.fromisoformat(text)
    return to_instant(at if at.tzinfo else at.replace(tzinfo=UTC))
