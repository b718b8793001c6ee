"""Conversations: who holds the one with a person, and a colleague's word on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from segue.bootstrap.readings import Readings
from segue.core.records.ownership import ROLES, SEGUE, hold, holders
from segue.core.units import Instant


@dataclass(frozen=True, slots=True)
class Holding:
    """Somebody who holds a conversation.

    Attributes:
        claimed: True where it was claimed, False where a message of theirs holds it.
        until: When it ends by itself, or None.
    """

    by: str
    role: str
    claimed: bool
    since_at: Instant
    until: Instant | None


@dataclass(frozen=True, slots=True)
class Conversation:
    """Who holds a conversation.

    Attributes:
        owner: The colleague whose it is, or `segue`.
        holders: All who hold it, the owner first.
        held_by: Who holds the account, or empty; `held_until` until when, or None.
    """

    person_id: str
    owner: str
    holders: tuple[Holding, ...]
    held_by: str
    held_until: Instant | None


def conversation_of(
    readings: Readings,
    who: str,
    order: Sequence[str] = ROLES,
    *,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
) -> Conversation:
    """Who holds the conversation with a person at a pair of instants.

    Raises:
        MissingError: Nobody is known by `who`.
    """
    view = readings.person(who, as_of=as_of, known_at=known_at)
    about = {f"profile:{name}" for name in view.profile_ids} | {f"account:{view.account_id}"}
    found = holders(view.facts, about, order)
    held = hold(view.facts, about)
    return Conversation(
        person_id=view.person_id,
        owner=found[0].by if found else SEGUE,
        holders=tuple(Holding(one.by, one.role, one.claimed, one.since, one.until) for one in found),
        held_by=held.by if held else "",
        held_until=held.until if held else None,
    )
