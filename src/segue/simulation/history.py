"""What was known before the story begins: the CRM's records, consent, and twelve months of the past."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from segue.core.ids import uniform
from segue.core.records.signals import NewSignal
from segue.simulation import usage
from segue.simulation.cast import Account, Person, accounts, members
from segue.simulation.telling import START

_USAGE_WEEKS = 8
_MONTHS = 12
_PAST = (
    ("message.received", "Thanks for sorting that out so quickly."),
    ("message.received", "Could you send the slides of the webinar once more? Thank you."),
    ("message.received", "Danke, das hat geholfen."),
    ("ticket", "Login for a new colleague"),
    ("ticket", "Report shows last month's figures"),
    ("page", "/docs/getting-started"),
    ("page", "/blog/planning-ahead"),
    ("page", "/pricing"),
    ("call", "We plan to roll it out to a second site once the budget for next year is set."),
)


def records(
    account: Account, *, facts: Mapping[str, Any], moves: Mapping[str, str] = {}
) -> Iterator[NewSignal]:
    """The CRM's import of one account and its people, with consent; dated a year back.

    Args:
        account: A member of the cast.
        facts: Facts that differ from the cast's, if any.
        moves: Person key to the account key the CRM lists them at, where it differs.
    """
    at = START - timedelta(days=365)
    yield NewSignal(
        source="crm",
        source_id=f"import:{account.key}",
        kind="account.updated",
        identifiers=(account.identifier,),
        occurred_at=at,
        body={"facts": {**account.facts(), **facts}},
        history=True,
    )
    for person in members(account):
        home = accounts()[moves.get(person.key, account.key)]
        yield NewSignal(
            source="crm",
            source_id=f"import:{person.key}",
            kind="profile.updated",
            identifiers=(*person.identifiers, home.identifier),
            occurred_at=at,
            body={"facts": person.facts()},
            history=True,
        )
        for channel in ("email", "sms", "whatsapp"):
            yield NewSignal(
                source="crm",
                source_id=f"consent:{channel}:{person.key}",
                kind="consent.changed",
                identifiers=person.identifiers,
                occurred_at=at,
                body={"channel": channel, "state": "granted", "basis": "double opt-in"},
                history=True,
            )


def past(account: Account) -> Iterator[NewSignal]:
    """A year of sparse everyday things with an account, and eight weeks of its daily use."""
    people = members(account)
    for month in range(_MONTHS):
        person = people[month % len(people)]
        pick = uniform(account.key, str(month), "past") * len(_PAST) // 1_000_000
        day = START - timedelta(days=360 - 30 * month, hours=-9 - month)
        yield from _happened(person, *_PAST[pick], day)
    first = START.date() - timedelta(weeks=_USAGE_WEEKS)
    yield from used(account, first, START.date() - timedelta(days=1))


def used(account: Account, first: date, last: date) -> Iterator[NewSignal]:
    """Daily use of the past."""
    for day in usage.days(first, last):
        yield usage.recorded(account, day, history=True)


def _happened(person: Person, what: str, text: str, at: datetime) -> Iterator[NewSignal]:
    ticket = f"HD-{uniform(person.key, text) % 900 + 100}"
    bodies: Mapping[str, Iterable[tuple[str, str, dict[str, Any]]]] = {
        "message.received": (("message.received", "inbox.email", {"channel": "email", "text": text}),),
        "page": (("page.viewed", "web", {"path": text}),),
        "call": (
            (
                "call.transcribed",
                "calls",
                {"turns": [{"speaker": "customer", "text": text}, {"speaker": "rep:anna", "text": "Noted."}]},
            ),
        ),
        "ticket": (
            ("ticket.opened", "helpdesk", {"ticket": ticket, "topic": "how-to", "subject": text}),
            ("ticket.solved", "helpdesk", {"ticket": ticket, "topic": "how-to"}),
        ),
    }
    for later, (kind, source, body) in enumerate(bodies[what]):
        moment = (at + timedelta(hours=5 * later)).astimezone(UTC)
        yield NewSignal(
            source=source,
            source_id=f"past:{kind}:{person.key}:{moment:%Y%m%dT%H%M%S}",
            kind=kind,
            identifiers=(f"email:{person.email}",),
            occurred_at=moment,
            body=body,
            history=True,
        )
