"""The account page: members, owner, goals, what was decided and offered, what is known."""

from collections.abc import Collection
from dataclasses import dataclass

from segue.console.listing import Row, rows
from segue.console.promises import PromiseShown, promises_shown
from segue.console.settings import PageSettings
from segue.console.timeline import FactLine, GoalLine, fact_lines, goal_line
from segue.console.veil import Veil
from segue.console.who import Names, Who
from segue.console.wording import money, value, words
from segue.core.facts import best
from segue.core.ports import Reader
from segue.core.records.memory import Fact, Outcome
from segue.core.records.overview import AccountView

_ON_TOP = {
    "owner": "owner",
    "plan": "plan",
    "stage": "stage",
    "health": "health",
    "arr": "ARR",
    "renews_at": "renews",
}
"""Facts shown first, where they are known, and what they are called there."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the account, and what may be told of them at a glance."""

    who: Who
    title: str
    role: str


@dataclass(frozen=True, slots=True)
class Happened:
    """An outcome or a harm in words."""

    outcome: Outcome
    name: str
    worth: str


@dataclass(frozen=True, slots=True)
class AccountPage:
    """An account ready to be shown."""

    view: AccountView
    name: str
    whom: str
    veil: Veil
    on_top: tuple[tuple[str, str], ...]
    members: tuple[Member, ...]
    goals: tuple[GoalLine, ...]
    outcomes: tuple[Happened, ...]
    decisions: tuple[Row, ...]
    offers: tuple[Row, ...]
    facts: tuple[FactLine, ...]
    promises: tuple[tuple[Who, PromiseShown], ...]


def account_page(
    reader: Reader, view: AccountView, settings: PageSettings, revealed: Collection[str]
) -> AccountPage:
    """Prepare an account."""
    whom = f"account:{view.account_id}"
    is_open = whom in revealed
    people = {member.id for member in view.members}
    names = Names(reader, {*revealed, *people} if is_open else revealed, people, [view.account_id])
    known = [fact for member in view.members for fact in member.facts]
    veil = Veil(known, is_open=is_open)
    return AccountPage(
        view=view,
        name=names.who("", view.account_id).account or f"account {view.account_id[:8]}",
        whom=whom,
        veil=veil,
        on_top=tuple(_on_top(view.facts, settings, veil)),
        members=tuple(
            Member(
                names.who(member.id, view.account_id),
                names.veil(member.id).text(_told(member.facts, "title")),
                words(_told(member.facts, "role")),
            )
            for member in view.members
        ),
        goals=tuple(goal_line(goal, settings) for goal in view.goals),
        outcomes=tuple(
            Happened(
                item,
                words(item.name),
                money(item.value_micro, settings.reporting) if item.value_micro else "",
            )
            for item in view.outcomes
        ),
        decisions=tuple(rows(reader, settings, view.decisions, revealed)),
        offers=tuple(rows(reader, settings, view.offers, revealed)),
        facts=tuple(fact_lines(reader, view.facts, settings, veil)),
        promises=tuple(
            (names.who(member.id, view.account_id), shown)
            for member in view.members
            for shown in promises_shown(member.facts, names.veil(member.id))
        ),
    )


def _on_top(facts: Collection[Fact], settings: PageSettings, veil: Veil) -> list[tuple[str, str]]:
    found = []
    for name, called in _ON_TOP.items():
        fact = best(item for item in facts if item.predicate == name and not item.qualifier)
        if fact is not None:
            found.append((called, veil.text(value(f"account.{name}", fact.value, settings))))
    return found


def _told(facts: Collection[Fact], predicate: str) -> str:
    fact = best(item for item in facts if item.predicate == predicate and not item.qualifier)
    return fact.value if fact and isinstance(fact.value, str) else ""
