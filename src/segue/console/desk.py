"""The desk: pages on which people act, and those about the people who do."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from segue.console.approvals import STATUSES, approval_list, approval_page
from segue.console.effects import STATES, TITLES, effect_list
from segue.console.receipt import Heard, heard
from segue.console.rendering import FORBIDDEN, TOO_MANY, WRONG, Look, Page, Renderer
from segue.console.who import Names, Who, whose
from segue.core.ports import Reader
from segue.core.records.overview import Letter
from segue.stores.doors import Reveal, Session

PER_PAGE = 25
TOLD = frozenset({"happened", "did_not", "late"})
"""What may have come of a word on an effect."""

_MARK = 26
"""Length of an id."""
_TWO_MINUTES_S = 120


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A dead letter in words."""

    letter: Letter
    heard: Heard
    error: str
    whom: str
    can_return: bool


@dataclass(frozen=True, slots=True)
class RevealRow:
    """A reveal, and whom it was about."""

    reveal: Reveal
    who: Who


class Desk(Renderer):
    """The pages of one tenant on which people act; may be used from any thread."""

    def approvals(self, reader: Reader, look: Look, query: Mapping[str, str]) -> Page:
        """Drafts that wait, the most valuable first; `status` shows others, `after` reads on."""
        status = query.get("status", "pending")
        after = _place(query.get("after", ""))
        if status not in STATUSES or (query.get("after") and after is None):
            return self.problem(
                WRONG, "There is no such list", "Approvals wait, or were given, rejected or expired."
            )
        found = approval_list(
            reader,
            self.settings,
            look.visitor,
            status=status,
            after=after,
            now=look.now,
            revealed=look.revealed,
        )
        return self.page("approvals.html", reader, look, page=found, statuses=STATUSES, first=after is None)

    def approval(
        self, reader: Reader, look: Look, approval_id: str, query: Mapping[str, str], error: str = ""
    ) -> Page:
        """One approval with its evidence; `told` in the query says what became of a form."""
        approval = reader.overview.approval(approval_id)
        found = approval and approval_page(
            reader, self.settings, look.visitor, approval, now=look.now, revealed=look.revealed
        )
        if not found:
            return self.missing(
                f"There is no approval `{approval_id}`. It may have been erased with its person."
            )
        return self.page(
            "approval.html",
            reader,
            look,
            status=WRONG if error else 200,
            page=found,
            told=query.get("told", ""),
            error=error,
        )

    def letters(self, reader: Reader, look: Look, query: Mapping[str, str]) -> Page:
        """Dead letters, newest first; `before` reads on, `told` says what became of a form."""
        before = query.get("before", "")
        if before and not (before.isascii() and before.isdigit() and len(before) < 19):  # noqa: PLR2004 - 64 bits
            return self.problem(WRONG, "That is no place in the log", f"`before={before}` is no number.")
        found = reader.overview.letters(limit=PER_PAGE + 1, before=int(before) if before else None)
        rows = [_letter(reader, letter, look) for letter in found[:PER_PAGE]]
        older = found[PER_PAGE - 1].seq if len(found) > PER_PAGE else None
        return self.page("letters.html", reader, look, rows=rows, older=older, told=query.get("told", ""))

    def effects(self, reader: Reader, look: Look, query: Mapping[str, str]) -> Page:
        """What nobody knows of, then what failed; `state` shows one alone, `before` reads on."""
        state, before = query.get("state", ""), query.get("before", "")
        if state not in {"", *STATES} or (before and not _is_id(before)):
            return self.problem(WRONG, "There is no such list", "Effects are unknown, failed, or wait.")
        wanted = [name for name in STATES if name == state] or STATES[:2]
        shown = [effect_list(reader, name, before=before, revealed=look.revealed) for name in wanted]
        told = query.get("told", "")
        return self.page(
            "effects.html",
            reader,
            look,
            parts_shown=shown,
            state=state,
            titles=TITLES.items(),
            told=told if told in TOLD else "",
        )

    def reveals(self, reader: Reader, look: Look, found: Collection[Reveal], older: int | None) -> Page:
        """Who looked at whose data."""
        names = Names(
            reader,
            look.revealed,
            [item.whom for item in found if not item.whom.startswith("account:")],
            [item.whom.partition(":")[2] for item in found if item.whom.startswith("account:")],
        )
        rows = [RevealRow(item, _who(names, item.whom)) for item in found]
        return self.page("reveals.html", reader, look, rows=rows, older=older)

    def you(self, reader: Reader, look: Look, sessions: Collection[Session]) -> Page:
        """Who the visitor is, and where they are signed in."""
        return self.page("you.html", reader, look, sessions=sessions)

    def nobody(self, reader: Reader, look: Look, asked: str) -> Page:
        """A search that found nothing."""
        return self.page("search.html", reader, look, status=404, asked=asked)

    def sign_in(self, token: str, then: str, name: str = "", error: str = "", *, status: int = 200) -> Page:
        """The form to sign in with."""
        return self.page("sign_in.html", status=status, token=token, then=then, name=name, error=error)

    def wait(self, token: str, then: str, seconds: int) -> Page:
        """Too many wrong passwords."""
        left, unit = (seconds, "second") if seconds < _TWO_MINUTES_S else (-(-seconds // 60), "minute")
        error = f"Too many wrong passwords. Try again in {left} {unit}{'s' if left != 1 else ''}."
        return self.sign_in(token, then, error=error, status=TOO_MANY)

    def no_users(self) -> Page:
        """Nobody can sign in yet."""
        return self.problem(
            FORBIDDEN,
            "Nobody can sign in yet",
            "These pages show personal data, so somebody has to be let in first. On Segue's own machine:",
            "segue users add NAME --role admin --home HOME",
        )

    def unknown_user(self) -> Page:
        """The proxy names somebody who is no user."""
        return self.problem(
            FORBIDDEN,
            "You are not a user here",
            "You are signed in elsewhere, but nobody has let you in here. On Segue's own machine:",
            "segue users add NAME --role viewer --no-password --home HOME",
        )

    def forbidden(self, role: str) -> Page:
        """The visitor's role does not reach."""
        article = "an" if role[0] in "aeiou" else "a"
        return self.problem(
            FORBIDDEN, "You may not do that", f"It takes {article} {role}, or somebody above."
        )

    def stale(self) -> Page:
        """A form that was not made for this browser."""
        return self.problem(
            FORBIDDEN,
            "That form is stale",
            "It was made for another session, or came from another site. Nothing was done: open it again.",
        )


def _letter(reader: Reader, letter: Letter, look: Look) -> LetterRow:
    whom, veil = whose(reader, letter.signal, look.ids, look.revealed)
    return LetterRow(
        letter, heard(reader, letter.signal, veil), veil.text(letter.error), whom, letter.code != "conflict"
    )


def _who(names: Names, whom: str) -> Who:
    kind, _, account_id = whom.partition(":")
    return names.who("", account_id) if kind == "account" and account_id else names.who(whom, "")


def _place(text: str) -> tuple[int, str] | None:
    """Value and id of the last approval that was read."""
    value, _, name = text.partition(".")
    digits = value.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19 and len(name) == _MARK):  # noqa: PLR2004 - 64 bits
        return None
    return int(value), name


def _is_id(text: str) -> bool:
    return len(text) == _MARK and text.isascii() and text.isalnum()
