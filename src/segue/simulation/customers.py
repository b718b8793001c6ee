"""The customers of everyday life react to what reaches them: by a hash of the message, not by chance."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from segue.core.ids import uniform
from segue.core.records.signals import NewSignal
from segue.core.units import to_datetime
from segue.simulation.cast import Person
from segue.simulation.trail import Sent

# action to (what happens, share of messages in percent), tried in order.
_REACTIONS: Mapping[str, tuple[tuple[str, int], ...]] = {
    "upgrade_offer": (("upgraded", 14), ("thanks", 10), ("opt_out", 9)),
    "offer_demo": (("demo_booked", 20), ("upgraded", 8), ("thanks", 8), ("complaint", 7)),
    "send_demo_link": (("demo_booked", 45),),
    "renewal_email": (("renewed", 40), ("thanks", 15)),
    "ae_personal_email": (("thanks", 30), ("kept", 20)),
    "offer_discount": (("kept", 35), ("thanks", 10)),
    "answer_question": (("helped", 40),),
    "ask_back": (("explained", 30),),
}
_WORDS = {
    "thanks": "Thank you, I will have a look at it.",
    "opt_out": "Please stop emailing me.",
    "complaint": "Honestly, this is the third mail this month. Please stop emailing me.",
    "explained": "Sorry for being unclear: how does sharing a plan with a colleague work?",
}
_SLOWEST_H = 30
_WORKING_HOURS = range(8, 18)
_FRIDAY = 4


def reactions(sent: Iterable[Sent], of: Mapping[str, Person]) -> Iterator[NewSignal]:
    """What people do about messages that have just gone out, on a later day or hour.

    Args:
        sent: Segue's messages.
        of: Profile id to the person, for those who react at all.
    """
    for item in sent:
        person = of.get(item.effect.profile_id)
        if person is not None:
            yield from _reacted(person, item)


def _reacted(person: Person, sent: Sent) -> Iterator[NewSignal]:
    drawn = uniform(sent.effect.id, "reaction") // 10_000
    delay = timedelta(hours=1 + uniform(sent.effect.id, "delay") * _SLOWEST_H // 1_000_000)
    at = _at_work(to_datetime(sent.at) + delay, person.zone)
    for what, percent in _REACTIONS.get(sent.effect.action, ()):
        if drawn < percent:
            yield from _signals(person, what, sent, at)
            return
        drawn -= percent


def _at_work(moment: datetime, zone: str) -> datetime:
    """The next hour at which somebody there is at work."""
    while True:
        there = moment.astimezone(ZoneInfo(zone))
        if there.weekday() <= _FRIDAY and there.hour in _WORKING_HOURS:
            return moment
        moment += timedelta(hours=1)


def _signals(person: Person, what: str, sent: Sent, at: datetime) -> Iterator[NewSignal]:
    if what in _WORDS:
        yield _signal(person, "message.received", sent, at, {"channel": "email", "text": _WORDS[what]})
    if what == "demo_booked":
        starts_at = (at + timedelta(days=4)).replace(minute=0, second=0, microsecond=0)
        body = {"meeting": f"demo-{sent.effect.id}", "starts_at": starts_at.isoformat(), "title": "Demo"}
        yield _signal(person, "meeting.booked", sent, at, body)
    if what not in {"thanks", "explained", "opt_out"}:
        yield _signal(person, "outcome.reached", sent, at, {"outcome": what, "effect": sent.effect.id})


def _signal(person: Person, kind: str, sent: Sent, at: datetime, body: dict[str, str]) -> NewSignal:
    return NewSignal(
        source="customers",
        source_id=f"{kind}:{sent.effect.id}",
        kind=kind,
        identifiers=(f"email:{person.email}",),
        occurred_at=at,
        body=body,
    )
