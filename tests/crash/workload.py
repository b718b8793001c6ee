"""A small day at work, drawn by a seed; it leads to effects of every class."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from segue.core.records.signals import NewSignal
from tests.crash.house import later, told

ANN = "crm:ann email:ann@alder.test account:alder"
BOB = "crm:bob phone:+4915112345678 account:alder"
CHO = "crm:cho email:cho@birch.test account:birch"
DAN = "crm:dan phone:+4915112345679 account:birch"

_FACTS: dict[str, dict[str, Any]] = {
    ANN: {"name": "Ann Lee", "email": "ann@alder.test", "time_zone": "Europe/Berlin"},
    BOB: {"name": "Bob Ray", "phone": "+4915112345678", "preferred_channel": "sms"},
    CHO: {"name": "Cho Kim", "email": "cho@birch.test", "time_zone": "Europe/Berlin"},
    DAN: {"name": "Dan Fox", "phone": "+4915112345679", "preferred_channel": "whatsapp"},
}
_QUESTION = "How much does an extra seat cost per month?"


@dataclass(frozen=True, slots=True)
class Round:
    """Signals handed in together, and the moment they are."""

    at: datetime
    signals: tuple[NewSignal, ...]


def a_day(seed: int) -> list[Round]:
    """Draw a day: the people are introduced first, then things happen in an order of the seed."""
    drawn = Random(seed)  # noqa: S311 - a seeded order, not a secret
    deeds = list(_DEEDS)
    drawn.shuffle(deeds)
    rounds = [Round(later(0), introductions(later(0)))]
    minute = 0
    for number, deed in enumerate(deeds):
        minute += drawn.choice([0, 3, 20, 45])
        at = later(minute)
        rounds.append(Round(at, tuple(deed(str(number), at))))
    return rounds


def introductions(at: datetime) -> tuple[NewSignal, ...]:
    """Tell of the accounts, and of people who agree to be contacted."""
    account = {
        "name": "Alder",
        "arr": {"amount": 4_000_000, "currency": "EUR"},
        "plan": "starter",
        "stage": "active",
        "health": 80,
        "renews_at": "2027-03-01",
        "owner": "Eve",
        "owner_email": "eve@acme.example",
        "country": "DE",
        "brand": "acme",
    }
    accounts = [
        told(name, "account.updated", f"account:{name}", {"facts": account}, at)
        for name in ("alder", "birch")
    ]
    people = [
        told(who.split()[0], "profile.updated", who, {"facts": {**facts, "country": "DE"}}, at)
        for who, facts in _FACTS.items()
    ]
    consents = [
        told(who.split()[0], "consent.changed", who, {"channel": "all", "state": "granted"}, at)
        for who in _FACTS
    ]
    return (*accounts, *people, *consents)


def _says(who: str, channel: str, text: str) -> Callable[[str, datetime], list[NewSignal]]:
    body = {"channel": channel, "text": text}
    return lambda number, at: [told(number, "message.received", who.split()[1], body, at)]


def _views(who: str, times: int) -> Callable[[str, datetime], list[NewSignal]]:
    body = {"path": "/pricing"}
    return lambda number, at: [
        told(f"{number}.{turn}", "page.viewed", who, body, at) for turn in range(times)
    ]


_DEEDS = (
    _says(ANN, "email", _QUESTION),
    _says(BOB, "sms", _QUESTION),
    _says(BOB, "sms", "I'd like to see a demo of the forecasting module."),
    _says(CHO, "email", "The weekly report is not working since this morning, we get an error message."),
    _says(ANN, "email", "We want to cancel our contract."),
    _says(CHO, "email", "Please stop emailing me."),
    _views(DAN, 3),
)
