"""A person on a terminal: facts, goals, and one timeline over all channels."""

from rich.console import Console
from rich.markup import escape

from segue.bootstrap.public import public
from segue.cli.output import emit
from segue.core.money import Money
from segue.core.ports import PersonView
from segue.core.records.memory import Fact
from segue.core.units import Instant, to_datetime


def show_person(view: PersonView, reporting: str, *, as_json: bool) -> None:
    """Print a person."""
    if as_json:
        emit(public(view, reporting))
        return
    console = Console()
    own = (fact for fact in view.facts if fact.subject.startswith("profile:"))
    name = next((str(fact.value) for fact in own if fact.predicate == "name"), view.person_id)
    console.print(f"[bold]{escape(name)}[/] {view.person_id}")
    for fact in view.facts:
        qualifier = f"[{fact.qualifier}]" if fact.qualifier else ""
        subject = fact.subject.partition(":")[0]
        value = f"{escape(_told(fact))} [dim]({fact.trust})[/]"
        console.print(f"  {subject}.{fact.predicate}{escape(qualifier)} = {value}")
    for goal in view.goals:
        console.print(f"  goal {goal.play}: {goal.state} ({goal.status})")
    for at, text in sorted(_timeline(view)):
        console.print(f"  [dim]{to_datetime(at):%Y-%m-%d %H:%M}[/] {text}", soft_wrap=True)


def _told(fact: Fact) -> str:
    """A value as people write it: instants in UTC, money with its currency."""
    if isinstance(fact.value, int) and fact.predicate.endswith("_at"):
        return f"{to_datetime(Instant(fact.value)):%Y-%m-%d %H:%M}"
    if isinstance(fact.value, dict) and set(fact.value) == {"amount", "currency"}:
        return str(Money(fact.value["amount"], fact.value["currency"]))
    return str(fact.value)


def _timeline(view: PersonView) -> list[tuple[int, str]]:
    said = [
        (item.at, f"{item.direction:3} {item.channel} {escape(item.by)}: {escape(item.text[:120])}")
        for item in view.messages
    ]
    decided = [(item.at, f"→   {item.play}: {item.action} ({item.mode})") for item in view.decisions]
    reached = [(item.at, f"★   {item.name}") for item in view.outcomes]
    return [*said, *decided, *reached]
