"""Telling the story: signals as the company's tools would send them, at wall-clock times of real places."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from segue.core.records.signals import NewSignal
from segue.core.units import Instant, to_instant
from segue.simulation.cast import Account, Person

START = datetime(2026, 10, 5, tzinfo=UTC)
"""A Monday: the first of the story's virtual days."""

DAYS = 120
OPTED_OUT = "opted-out-is-final"
"""The policy that keeps a withdrawn consent."""

_REACHED_BY = {"email": "email", "sms": "phone", "whatsapp": "phone", "chat": "crm"}


def local(text: str, zone: str) -> datetime:
    """A wall-clock time somewhere, as an aware UTC datetime.

    >>> local("2026-10-26 08:00", "Europe/Berlin").isoformat()
    '2026-10-26T07:00:00+00:00'
    """
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def instant(text: str, zone: str) -> Instant:
    """The same as an instant."""
    return to_instant(local(text, zone))


def shown(at: int, zone: str) -> str:
    """An instant on the wall clock somewhere, for evidence.

    >>> shown(1_793_511_000_000_000, "America/New_York")
    'Sun 1 Nov 2026 01:30'
    """
    moment = datetime.fromtimestamp(at / 1_000_000, UTC).astimezone(ZoneInfo(zone))
    return f"{moment:%a} {moment.day} {moment:%b %Y %H:%M}"


def wrote(person: Person, text: str, at: str, *, channel: str = "email", **body: Any) -> NewSignal:  # noqa: ANN401
    """Somebody wrote to the company, at their own wall-clock time."""
    moment = local(at, person.zone)
    return NewSignal(
        source=f"inbox.{channel}",
        source_id=f"{person.key}:{moment:%Y%m%dT%H%M%S}",
        kind="message.received",
        identifiers=(_identifier(person, channel),),
        occurred_at=moment,
        body={"channel": channel, "text": text, **body},
    )


def texted(number: str, text: str, at: str, zone: str) -> NewSignal:
    """A number wrote by WhatsApp, whoever has it, at the wall-clock time of a place."""
    moment = local(at, zone)
    return NewSignal(
        source="inbox.whatsapp",
        source_id=f"{number}:{moment:%Y%m%dT%H%M%S}",
        kind="message.received",
        identifiers=(f"phone:{number}",),
        occurred_at=moment,
        body={"channel": "whatsapp", "text": text},
    )


def did(person: Person, kind: str, at: str, *, source: str, **body: Any) -> NewSignal:  # noqa: ANN401
    """Something else somebody did, or that a tool tells of them."""
    moment = local(at, person.zone)
    return NewSignal(
        source=source,
        source_id=f"{kind}:{person.key}:{moment:%Y%m%dT%H%M%S}",
        kind=kind,
        identifiers=(f"email:{person.email}",),
        occurred_at=moment,
        body=body,
    )


def viewed(person: Person, path: str, at: str) -> NewSignal:
    """Somebody looked at a page while logged in."""
    return did(person, "page.viewed", at, source="web", path=path)


def looked_at_prices(person: Person, day: str, clock: str, times: int = 3) -> list[NewSignal]:
    """Somebody opened the pricing page several times, a minute apart, the last time at `clock`."""
    hour, minute = clock.split(":")
    last = int(hour) * 60 + int(minute)
    minutes = range(last - times + 1, last + 1)
    return [viewed(person, "/pricing", f"{day} {m // 60:02d}:{m % 60:02d}") for m in minutes]


def told(account: Account, at: str, **facts: Any) -> NewSignal:  # noqa: ANN401
    """The CRM tells something of an account."""
    moment = local(at, account.zone)
    return NewSignal(
        source="crm",
        source_id=f"account.updated:{account.key}:{moment:%Y%m%dT%H%M%S}",
        kind="account.updated",
        identifiers=(account.identifier,),
        occurred_at=moment,
        body={"facts": facts},
    )


def _identifier(person: Person, channel: str) -> str:
    namespace = _REACHED_BY[channel]
    return next(item for item in person.identifiers if item.startswith(f"{namespace}:"))
