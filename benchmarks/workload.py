"""The stated mix of signals: who there is, what they do, and what each signal is meant to lead to."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from segue.core.records.signals import NewSignal

Class = Literal["quiet", "five", "ten"]

START = datetime(2027, 2, 2, 8, 0, tzinfo=UTC)
"""A Tuesday, within contact hours wherever these people live, with no holiday in the five weeks after."""

SOURCE = "web"
PEOPLE, ACCOUNTS = 2_000, 700
COUNTRIES = (
    ("DE", "Europe/Berlin"),
    ("FR", "Europe/Paris"),
    ("GB", "Europe/London"),
    ("PL", "Europe/Warsaw"),
)

# Of a hundred signals. Those for `five` and `ten` go to people of the second half of the accounts.
MIX: tuple[tuple[int, Class, str], ...] = (
    (40, "quiet", "page.viewed"),
    (15, "quiet", "usage.recorded"),
    (8, "quiet", "mail.opened"),
    (7, "quiet", "message.received"),
    (5, "quiet", "profile.updated"),
    (4, "quiet", "message.sent"),
    (3, "quiet", "ticket.opened"),
    (3, "quiet", "ticket.solved"),
    (7, "five", "link.clicked"),
    (3, "five", "message.received"),
    (5, "ten", "form.submitted"),
)

_CHAT = (
    "thanks for the call last week the new dashboards look fine and all of us read them on monday mornings",
    "we moved the whole team over on friday and reports arrive each day just as they always did so far",
    "please tell your boss that the slides of last tuesday are good and that we will use them here soon",
)
_DEMO = (
    "hello there i would like to see a demo of the forecasting module with two of us sometime next month",
    "our finance lead joined this month so could we please book a demo for both of us at some point",
)
_PAGES = ("/docs/reports", "/docs/api", "/blog/planning", "/status", "/features", "/docs/sharing")


@dataclass(frozen=True, slots=True)
class Planned:
    """A signal and the class of the mix it stands for."""

    meant: Class
    signal: NewSignal


@dataclass(frozen=True, slots=True)
class Company:
    """Accounts and people by number; the second half of the accounts is where decisions fall."""

    people: int = PEOPLE
    accounts: int = ACCOUNTS

    def account_of(self, person: int) -> int:
        return person % self.accounts

    def person(self, draw: random.Random, *, active: bool) -> int:
        """Somebody of the half that is meant."""
        half = self.accounts // 2
        account = draw.randrange(half) + (half if active else 0)
        members = range(account, self.people, self.accounts)
        return draw.choice(members)


def identifiers(company: Company, person: int) -> tuple[str, ...]:
    return (f"crm:p{person}", f"email:person{person}@example.com", f"account:a{company.account_of(person)}")


def introduce(company: Company, at: datetime) -> Iterator[NewSignal]:
    """What a CRM tells of everybody before the measured time: 1 signal an account, 2 a person."""
    for account in range(company.accounts):
        yield NewSignal(
            "crm", f"a{account}", "account.updated", (f"account:a{account}",), at, account_body(account)
        )
    for person in range(company.people):
        who = identifiers(company, person)
        yield NewSignal("crm", f"p{person}", "profile.updated", who, at, person_body(person))
        granted = {"channel": "all", "state": "granted", "basis": "opt-in"}
        yield NewSignal("crm", f"c{person}", "consent.changed", who, at, granted)


def account_body(account: int) -> dict[str, Any]:
    country, zone = COUNTRIES[account % len(COUNTRIES)]
    return {
        "facts": {
            "name": f"Company {account}",
            "arr": {"amount": 1_200_000 + 10_000 * (account % 300), "currency": "EUR"},
            "plan": "pro",
            "stage": "active",
            "health": 50,
            "renews_at": "2027-04-01",
            "owner": f"Owner {account % 40}",
            "owner_email": f"owner{account % 40}@acme.example",
            "country": country,
            "time_zone": zone,
            "brand": "acme",
        }
    }


def person_body(person: int) -> dict[str, Any]:
    country, zone = COUNTRIES[person % len(COUNTRIES)]
    return {
        "facts": {
            "name": f"Person {person}",
            "email": f"person{person}@example.com",
            "role": "admin",
            "country": country,
            "time_zone": zone,
            "language": "en",
        }
    }


def signals(
    company: Company, count: int, at: datetime, *, seed: int, step: timedelta, only: Class | None = None
) -> Iterator[Planned]:
    """`count` signals of the mix or of one class of it, `step` apart, in an order drawn from the seed."""
    draw = random.Random(seed)  # noqa: S311 - a workload, not a secret
    shares = [(meant, kind) for share, meant, kind in MIX if only in {None, meant} for _ in range(share)]
    plan: list[tuple[Class, str]] = []
    for number in range(count):
        if not plan:
            plan = draw.sample(shares, len(shares))
        meant, kind = plan.pop()
        yield Planned(meant, _one(company, draw, f"{seed}-{number}", at + number * step, meant, kind))


def _one(
    company: Company, draw: random.Random, name: str, at: datetime, meant: Class, kind: str
) -> NewSignal:
    person = company.person(draw, active=meant != "quiet")
    who = identifiers(company, person)
    if kind == "usage.recorded":
        who = who[2:]
    return NewSignal(SOURCE, name, kind, who, at, _body(draw, name, meant, kind))


def _body(draw: random.Random, name: str, meant: Class, kind: str) -> dict[str, Any]:
    texts = _CHAT if meant == "quiet" else _DEMO
    ticket = {"ticket": f"t{name}", "topic": "how-to"}
    bodies: dict[str, dict[str, Any]] = {
        "page.viewed": {"path": draw.choice(_PAGES), "title": "A page"},
        "usage.recorded": {"count": draw.randrange(5, 60)},
        "mail.opened": {},
        "message.received": {"channel": "email", "text": draw.choice(texts)},
        "profile.updated": {"facts": {"title": draw.choice(("lead", "head", "analyst"))}},
        "message.sent": {"channel": "email", "by": "rep:anna", "text": "See you on Tuesday."},
        "ticket.opened": ticket,
        "ticket.solved": ticket,
        "link.clicked": {"url": "https://acme.example/plans", "after_s": 340},
        "form.submitted": {"form": "renewal", "fields": {"seats": 12}},
    }
    return bodies[kind]
