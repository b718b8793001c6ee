"""A person on a terminal: facts, goals, and one timeline over all channels."""

from rich.console import Console
from rich.markup import escape

from segue.bootstrap.public import public
from segue.cli.output import emit
from segue.cli.written import written
from segue.core.ports import PersonView
from segue.core.records.memory import Fact
from segue.core.records.promised import PREDICATE, promised_of
from segue.core.units import to_datetime


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
    """A value as people write it; of a promise what, how it stands and until when."""
    promise = promised_of(fact) if fact.predicate.startswith(PREDICATE) else None
    if promise is None:
        return written(fact.predicate, fact.value)
    due = f" by {written('due_at', promise.due_at)}" if promise.due_at else ""
    return f"{promise.what}: {promise.state}{due}"


def _timeline(view: PersonView) -> list[tuple[int, str]]:
    said = [
        (item.at, f"{item.direction:3} {item.channel} {escape(item.by)}: {escape(item.text[:120])}")
        for item in view.messages
    ]
    decided = [(item.at, f"→   {item.play}: {item.action} ({item.mode})") for item in view.decisions]
    reached = [(item.at, f"★   {item.name}") for item in view.outcomes]
    return [*said, *decided, *reached]
