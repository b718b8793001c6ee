"""Effects to look into: what nobody knows of and what failed, with the last word on each."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import get_args

from segue.console.who import Names, Who
from segue.console.wording import words
from segue.core.ports import Reader
from segue.core.records.context import LedgerRow
from segue.core.records.overview import Listed
from segue.core.units import Instant

PER_PAGE = 25
STATES: tuple[Listed, ...] = get_args(Listed)
TITLES = {"unknown": "Nobody knows", "failed": "Failed", "pending": "Waits"}


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One effect in words.

    Attributes:
        what: What was to be done, and by which tool.
        at: When it was tried last, else when it may go out.
        detail: What was said of it at each attempt, once; personal data hidden.
        next_at: When it is tried or looked up again, if it is.
        under_way: Whether its tool is being asked at this moment.
    """

    row: LedgerRow
    what: str
    who: Who
    at: Instant
    detail: str
    next_at: Instant | None
    under_way: bool

    @property
    def can_be_told(self) -> bool:
        """Whether a human may say what became of it."""
        return self.row.state == "unknown" and not self.under_way


@dataclass(frozen=True, slots=True)
class EffectList:
    """Effects in one state; `older` is the id to read on from, empty at the end."""

    state: Listed
    title: str
    rows: tuple[EffectRow, ...]
    older: str


def effect_list(
    reader: Reader, state: Listed, *, before: str = "", revealed: Collection[str] = ()
) -> EffectList:
    """Read effects in a state, newest first.

    Args:
        reader: Read from.
        state: Which.
        before: Id of the last effect read.
        revealed: Whose personal data are open.
    """
    found = reader.overview.effects(state, limit=PER_PAGE + 1, before=before)
    shown = found[:PER_PAGE]
    profiles = {row.effect.profile_id for row in shown if row.effect.profile_id}
    persons = {profile: reader.profile_person(profile) or "" for profile in profiles}
    names = Names(reader, revealed, persons.values(), [row.effect.account_id for row in shown])
    older = shown[-1].effect.id if len(found) > PER_PAGE else ""
    rows = tuple(_row(row, names, persons.get(row.effect.profile_id, "")) for row in shown)
    return EffectList(state, TITLES[state], rows, older)


def _row(row: LedgerRow, names: Names, person_id: str) -> EffectRow:
    effect, last = row.effect, row.attempts[-1] if row.attempts else None
    at = (last.ended_at or last.started_at) if last else effect.not_before
    veil = names.veil(person_id, effect.account_id)
    return EffectRow(
        row=row,
        what=f"{words(effect.action)} by {effect.connector}",
        who=names.who(person_id, effect.account_id),
        at=at,
        detail=veil.text("; ".join(dict.fromkeys(item.detail for item in row.attempts if item.detail))),
        next_at=last.retry_at if last else effect.not_before,
        under_way=last is not None and not last.state,
    )
