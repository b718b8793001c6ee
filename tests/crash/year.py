"""A year of a hundred customers, drawn by a seed: what they do, and what goes wrong."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import segue
from segue.connectors.sandbox import Fault, SandboxCompany
from segue.core.ports import Request
from segue.core.records.events import Event
from segue.core.units import Instant
from segue.runtime.clock import VirtualClock
from tests.crash.house import IDS, told, watched

if TYPE_CHECKING:
    from segue.connectors.sandbox.faults import FaultKind

FIRST = datetime(2026, 1, 5, tzinfo=UTC)
DAYS = 365
END = FIRST + timedelta(days=DAYS + 10)
CUSTOMERS, ACCOUNTS = 100, 40

PLACES = (
    ("DE", "Europe/Berlin", "+49151123456{:02d}"),
    ("GB", "Europe/London", "+4479111234{:02d}"),
    ("FR", "Europe/Paris", "+336123456{:02d}"),
    ("US", "America/New_York", ""),
    ("JP", "Asia/Tokyo", ""),
)
"""Country, zone and a pattern of phone numbers, where customers there have one."""

_WRITTEN = (
    "How much does an extra seat cost per month?",
    "The weekly report is not working since this morning, we get an error message.",
    "I'd like to see a demo of the forecasting module.",
    "We want to cancel our contract.",
    "Too expensive for what we use.",
    "We were charged twice this month, please correct the invoice.",
    "This is unacceptable, the export is still broken and nobody answers!",
    "We would like to upgrade to the pro plan with five more seats.",
    "Who do I talk to about the thing with the colours?",
    "Thank you, that was exactly what I needed.",
    "Please not before 10 AM.",
    "I want a refund for the unused seats.",
    "Not right now, please ask me in spring.",
)
_STOPS = ("Please stop emailing me.", "STOP", "Bitte keine Mails mehr.")


@dataclass(frozen=True, slots=True)
class Customer:
    """Who somebody is and where they live."""

    name: str
    account: str
    country: str
    zone: str
    phone: str

    @property
    def email(self) -> str:
        """Their address."""
        return f"{self.name}@{self.account}.test"

    @property
    def known_as(self) -> str:
        """Every identifier the CRM knows."""
        phone = f" phone:{self.phone}" if self.phone else ""
        return f"crm:{self.name} email:{self.email}{phone} account:{self.account}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it left for a connector."""

    key: str
    attempt: int
    at: Instant


@dataclass(frozen=True, slots=True)
class Year:
    """A year that was lived.

    Attributes:
        person_of: Profile id to person id, as it was in the end.
        customer_of: Person id to the customer.
    """

    home: Path
    events: list[tuple[int, Event]]
    asked: list[Asked]
    accepted: list[str]
    person_of: Mapping[str, str]
    customer_of: Mapping[str, Customer]
    states: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens at a moment."""

    at: datetime
    act: Callable[["Company"], Any]


@dataclass(slots=True)
class Company:
    """What happenings act on."""

    app: segue.App
    sandbox: SandboxCompany
    drawn: Random
    accepted: list[str] = field(default_factory=list)

    async def tell(self, signals: Sequence[segue.Signal]) -> None:
        """Hand signals in."""
        receipts = await self.app.submit(signals)
        assert all(receipt.state != "refused" for receipt in receipts), receipts
        self.accepted += [receipt.id for receipt in receipts]

    async def ask(self, request: segue.GateRequest) -> None:
        """Ask the gate as another tool does, and send or let it be."""
        answer = await self.app.gate.reserve(request)
        if answer.answer == "allow" and self.drawn.random() < 0.8:
            await self.app.gate.commit(request.tool, request.key)
        elif answer.answer == "allow":
            await self.app.gate.release(request.tool, request.key)

    async def control(self, what: Mapping[str, Any]) -> None:
        """Stop or release all sending, pause or resume a play."""
        await self.app.control(by="rep:eve", **what)

    async def break_down(self, connector: str, fault: Fault) -> None:
        """Let a tool fail for a while."""
        self.sandbox.fault(connector, fault)

    async def answer_approvals(self) -> None:
        """Let a colleague decide most of what waits."""
        for approval in self.app.approvals():
            if self.drawn.random() < 0.7:
                await self.app.approve(approval.id, "rep:eve")
            elif self.drawn.random() < 0.5:
                await self.app.reject(approval.id, "rep:eve", "not now")


def customers() -> list[Customer]:
    """List the customers; some accounts have one contact, some have four."""
    made = []
    for number in range(CUSTOMERS):
        country, zone, phone = PLACES[number % len(PLACES)]
        with_phone = phone.format(number) if number % 2 == 0 else ""
        made.append(Customer(f"c{number}", f"a{number % ACCOUNTS}", country, zone, with_phone))
    return made


async def lived(home: Path, seed: int) -> Year:
    """Live the year and look at what it left."""
    clock, drawn = VirtualClock(FIRST), Random(seed)  # noqa: S311 - a seeded year, not a secret
    sandbox = SandboxCompany(None, clock)
    asked: list[Asked] = []

    def see(request: Request) -> None:
        asked.append(Asked(request.key, request.attempt, clock.now()))

    tools = watched(sandbox.connectors, see)
    async with segue.open(home, clock=clock, id_key=IDS, connectors=tools) as app:
        company = Company(app, sandbox, drawn)
        for happening in sorted(_happenings(drawn), key=lambda item: item.at):
            await app.settle(until=happening.at)
            await happening.act(company)
        await app.settle(until=END)
        year = _looked_at(home, app, asked, company.accepted)
    sandbox.close()
    return year


def _looked_at(home: Path, app: segue.App, asked: list[Asked], accepted: list[str]) -> Year:
    with app.store.read() as reader:
        events = [(row.seq, row.event) for row in reader.log() if row.event is not None]
    writer = app.store._writer  # noqa: SLF001 - no port reads whole tables
    assert writer is not None
    return Year(
        home,
        events,
        asked,
        accepted,
        dict(writer.run_text("SELECT profile_id, person_id FROM profiles")),
        {app.person_id(f"crm:{customer.name}"): customer for customer in customers()},
        dict(writer.run_text("SELECT id, state FROM effects")),
    )


def _happenings(drawn: Random) -> Iterator[Happening]:
    people = customers()
    yield Happening(FIRST, partial(Company.tell, signals=tuple(_introduced(people))))
    for customer in people:
        for number in range(drawn.randint(14, 20)):
            yield from _deed(customer, number, drawn, _moment(drawn))
    for day in range(1, DAYS):
        morning = FIRST + timedelta(days=day, hours=9)
        yield Happening(morning, Company.answer_approvals)
    yield from _troubles(drawn)
    yield from _usage(drawn)


def _moment(drawn: Random) -> datetime:
    """Any second of the year, nights and Sundays included."""
    return FIRST + timedelta(seconds=drawn.randrange(3_600, DAYS * 86_400))


def _introduced(people: list[Customer]) -> Iterator[segue.Signal]:
    for number in range(ACCOUNTS):
        facts = {
            "name": f"Company {number}",
            "arr": {"amount": 100_000 * (number + 1), "currency": "EUR"},
            "plan": ("starter", "pro", "enterprise")[number % 3],
            "stage": ("active", "active", "onboarding", "churned")[number % 4],
            "health": 30 + number * 2 % 65,
            "renews_at": (FIRST + timedelta(days=40 + number * 8)).date().isoformat(),
            "owner": f"Rep {number % 4}",
            "owner_email": f"rep{number % 4}@acme.example",
            "brand": "acme",
        }
        yield told(f"a{number}", "account.updated", f"account:a{number}", {"facts": facts}, FIRST)
    for number, customer in enumerate(people):
        yield _profile(customer, number)
        granted = {"channel": "all", "state": "granted"}
        yield told(customer.name, "consent.changed", customer.known_as, granted, FIRST)


def _profile(customer: Customer, number: int) -> segue.Signal:
    facts = {"name": f"Pat {number}", "email": customer.email, "country": customer.country}
    facts |= {"time_zone": customer.zone}
    if customer.phone:
        facts |= {"phone": customer.phone}
        facts |= {"preferred_channel": ("sms", "whatsapp", "email")[number % 3]}
    return told(customer.name, "profile.updated", customer.known_as, {"facts": facts}, FIRST)


def _deed(customer: Customer, number: int, drawn: Random, at: datetime) -> Iterator[Happening]:
    """Something one customer does; now and then it is told twice, or days late."""
    name, who = f"{customer.name}.{number}", f"email:{customer.email}"
    if drawn.random() < 0.08:
        yield Happening(at, partial(Company.ask, request=_campaign(f"news:{name}", who)))
        return
    late = timedelta(days=drawn.randint(1, 30)) if drawn.random() < 0.05 else timedelta()
    signals = tuple(_signals(name, who, drawn, at - late))
    yield Happening(at, partial(Company.tell, signals=signals))
    if drawn.random() < 0.1:
        again = at + timedelta(hours=drawn.randint(0, 800))
        yield Happening(min(again, END), partial(Company.tell, signals=signals))


def _campaign(key: str, who: str) -> segue.GateRequest:
    return segue.GateRequest("automation", key, [who], "commercial", "email", campaign="news", brand="acme")


_KINDS = {
    "prices": 30,
    "words": 30,
    "page": 13,
    "ticket": 8,
    "touch": 6,
    "meeting": 5,
    "consent": 4,
    "stop": 3,
}
"""What customers do, and how often; one in a hundred is poison."""


def _signals(name: str, who: str, drawn: Random, at: datetime) -> Iterator[segue.Signal]:
    kind = drawn.choices([*_KINDS, "poison"], [*_KINDS.values(), 1])[0]
    mail = {"channel": "email"}
    match kind:
        case "prices":
            for view in range(3):
                body = {"path": "/pricing"}
                yield told(f"{name}.{view}", "page.viewed", f"{who} cookie:{name}", body, at)
        case "words" | "stop" | "poison":
            text = drawn.choice(_STOPS if kind == "stop" else _WRITTEN)
            yield told(
                name, "message.received", who, {"text": text, **(mail if kind != "poison" else {})}, at
            )
        case "ticket":
            body = {"ticket": name, "topic": drawn.choice(["billing", "problem"])}
            yield told(name, "ticket.opened", who, body, at)
            if drawn.random() < 0.8:
                yield told(f"{name}.solved", "ticket.solved", who, body, at + timedelta(microseconds=1))
        case _:
            yield told(name, *_simple(kind, who, name, drawn, at), at)


def _simple(
    kind: str, who: str, name: str, drawn: Random, at: datetime
) -> tuple[str, str, Mapping[str, Any]]:
    """Kind, identifiers and body of what is told by one signal."""
    match kind:
        case "consent":
            state = drawn.choice(["granted", "granted", "withdrawn"])
            return "consent.changed", who, {"channel": "all", "state": state}
        case "touch":
            return "message.sent", who, {"channel": "email", "by": drawn.choice(["tool:mailer", "rep:eve"])}
        case "meeting":
            starts_at = (at + timedelta(days=3)).isoformat()
            return "meeting.booked", who, {"meeting": name, "starts_at": starts_at}
        case _:
            return "page.viewed", who, {"path": "/docs"}


def _troubles(drawn: Random) -> Iterator[Happening]:
    """Tools that fail for a while, and a colleague who stops everything for two days."""
    kinds: list[FaultKind] = ["slow", "fail", "refuse", "late", "lose_reply", "reset"]
    for _ in range(150):
        connector = drawn.choice(["email", "sms", "whatsapp", "chat", "helpdesk", "crm", "calendar"])
        fault = Fault(drawn.choice(kinds), drawn.randint(1, 6), seconds=drawn.choice([0, 5, 900]))
        yield Happening(_moment(drawn), partial(Company.break_down, connector=connector, fault=fault))
    for on, day in ((True, 100), (False, 102), (True, 250), (False, 251)):
        at = FIRST + timedelta(days=day, hours=11)
        yield Happening(at, partial(Company.control, what={"kill_switch": on}))
    for day, word in ((150, "pause"), (160, "resume")):
        at = FIRST + timedelta(days=day, hours=11)
        yield Happening(at, partial(Company.control, what={word: "upgrade"}))


def _usage(drawn: Random) -> Iterator[Happening]:
    """Four accounts report every working day; two of them stop after half a year."""
    for number in range(4):
        for day in range(DAYS if number % 2 else DAYS // 2):
            at = FIRST + timedelta(days=day, hours=20)
            if at.weekday() >= 5:
                continue
            count = {"count": drawn.randint(80, 120) // (1 if day < 120 else 3), "metric": "usage"}
            signal = told(f"a{number}.{day}", "usage.recorded", f"account:a{number}", count, at)
            yield Happening(at, partial(Company.tell, signals=(signal,)))
