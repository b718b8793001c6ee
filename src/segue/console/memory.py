"""The memory page of a person: each thing known, where from, how sure still, and a form to correct it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from segue.bootstrap.correcting import Correction
from segue.bootstrap.memories import GROUPS, Item, Look, items_of
from segue.console.settings import PageSettings
from segue.console.timeline import held_as
from segue.console.veil import Masked, Veil
from segue.console.who import CONTACTS
from segue.core.facts import best
from segue.core.ports import PersonView, Reader
from segue.core.records.memory import Fact
from segue.core.records.playbook import Playbook
from segue.core.records.signals import Signal
from segue.core.units import Instant

TOLD = {
    "corrected": "It is corrected, and kept who said so.",
    "forgotten": "It is forgotten. What is said anew will be heard.",
    "why": "Write why: it is kept with the correction.",
    "what": "That is nothing that can be corrected here.",
}
"""What a form came to, in words."""

WHO_MAY: Mapping[str, str] = {
    "person": "themselves and our colleagues",
    "account": "every contact of their account",
    "staff": "our colleagues",
    "nobody": "nobody",
}


@dataclass(frozen=True, slots=True)
class Line:
    """An item with its value in words; what is private or personal is hidden until it is revealed."""

    item: Item
    name: str
    value: str
    words: str
    origin: Signal | None
    tell: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class MemoryPage:
    """A person's memory card ready to be shown."""

    view: PersonView
    name: str
    veil: Veil
    groups: tuple[tuple[str, str, tuple[Line, ...]], ...]


def memory_page(
    reader: Reader,
    view: PersonView,
    settings: PageSettings,
    playbook: Playbook | None,
    now: Instant,
    revealed: Collection[str] = (),
) -> MemoryPage:
    """Prepare a memory card for a page.

    Args:
        reader: Read from.
        view: The person.
        settings: Units and names.
        playbook: Says what can be corrected; None: nothing of its own facts.
        now: By which confidence fades.
        revealed: Whose personal data are open.
    """
    colleagues = reader.overview.members(view.account_id, CONTACTS) if view.account_id else []
    known = [fact for named in colleagues for fact in named.facts]
    veil = Veil([*view.facts, *known], is_open=view.person_id in revealed)
    named = best(f for f in view.facts if f.predicate == "name" and f.subject.startswith("profile:"))
    name = veil.name(str(named.value) if named else "") or f"somebody ({view.person_id[:8]})"
    sources = {fact.signal_id: reader.signal(fact.signal_id) for fact in view.facts}
    items = items_of(view.facts, sources, Look(now, playbook))
    lines = list(_lines(items, sources, settings, veil))
    return MemoryPage(
        view=view,
        name=name,
        veil=veil,
        groups=tuple(
            (group, GROUPS[group], tuple(found))
            for group, found in groupby(lines, key=lambda line: line.item.group)
        ),
    )


def _lines(
    items: tuple[Item, ...], sources: Mapping[str, Signal | None], settings: PageSettings, veil: Veil
) -> Iterator[Line]:
    for item in items:
        fact = _fact_of(item)
        title = veil.text(f"{item.title}: {item.qualifier}" if item.qualifier else item.title)
        hidden = item.tell == "nobody" and not veil.is_open
        yield Line(
            item=item,
            name="something private" if hidden else title,
            value=Masked("[known]") if hidden else held_as(fact, settings, veil),
            words="" if hidden else veil.text(item.words),
            origin=sources.get(item.signal_id),
            tell=WHO_MAY[item.tell],
            is_hidden=hidden,
        )


def _fact_of(item: Item) -> Fact:
    return Fact(
        f"{item.subject}:",
        item.predicate,
        item.value,
        item.valid_from,
        item.trust,
        item.signal_id,
        item.qualifier,
    )


def said_in(form: Mapping[str, str], by: str) -> Correction:
    """What a form of the page says.

    A form names its item itself, so that what changed meanwhile is not corrected in place of what was seen.
    """
    forget = form.get("what") == "forget"
    value = None if forget else form.get("value", "").strip()
    of = "account" if form.get("of") == "account" else "person"
    return Correction(
        form.get("predicate", ""), value, by, form.get("why", ""), form.get("qualifier", ""), of
    )
