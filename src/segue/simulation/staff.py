"""The company's own people: they take conversations over, answer, and solve the tickets they are given."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from segue.core.ids import uniform
from segue.core.records.signals import NewSignal
from segue.core.units import to_datetime
from segue.simulation.cast import OWNERS, Person
from segue.simulation.trail import Sent

_ANSWER = (
    "Hi {name}, this is {owner}. I have looked into it myself and will sort it out with you by tomorrow."
)
_TICKETS = {"create_problem_ticket": "problem", "create_billing_ticket": "billing"}


def handled(sent: Iterable[Sent], of: Mapping[str, Person]) -> Iterator[NewSignal]:
    """What colleagues do about what Segue has just given them.

    Args:
        sent: Effects that were carried out.
        of: Profile id to the person they are about, for those whose matters are handled here.
    """
    for item in sent:
        person = of.get(item.effect.profile_id)
        if person is None:
            continue
        if item.effect.verb == "hand_over":
            yield from _taken_over(person, item)
        elif item.effect.action in _TICKETS:
            yield from _solved(person, item)


def _taken_over(person: Person, sent: Sent) -> Iterator[NewSignal]:
    owner = OWNERS[person.account.owner][0]
    text = _ANSWER.format(name=person.name.split()[0], owner=owner)
    by = {"by": f"rep:{person.account.owner}"}
    yield _signal(person, "conversation.claimed", sent, hours=1, body=by)
    yield _signal(person, "message.sent", sent, hours=2, body={"channel": "email", "text": text, **by})
    yield _signal(person, "conversation.released", sent, hours=26, body=by)


def _solved(person: Person, sent: Sent) -> Iterator[NewSignal]:
    number = 4_000 + uniform(sent.effect.id, "ticket") * 5_000 // 1_000_000
    ticket = {"ticket": f"HD-{number}", "topic": _TICKETS[sent.effect.action]}
    hours = 20 + uniform(sent.effect.id, "solved") * 60 // 1_000_000
    yield _signal(person, "ticket.opened", sent, hours=0, body=ticket)
    yield _signal(person, "ticket.solved", sent, hours=hours, body=ticket)


def _signal(person: Person, kind: str, sent: Sent, *, hours: int, body: dict[str, Any]) -> NewSignal:
    at: datetime = to_datetime(sent.at) + timedelta(hours=hours, minutes=4)
    return NewSignal(
        source="helpdesk",
        source_id=f"{kind}:{sent.effect.id}",
        kind=kind,
        identifiers=(f"email:{person.email}",),
        occurred_at=at,
        body=body,
    )
