"""Everyday life beside the scenes: what six ordinary customers do in 120 days."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from segue.core.ids import uniform
from segue.core.records.signals import NewSignal
from segue.simulation import usage
from segue.simulation.cast import LANGUAGES, Person, accounts, members
from segue.simulation.happening import Campaign, Happening, submits
from segue.simulation.telling import DAYS, START, did, local, looked_at_prices, viewed, wrote

EVERYDAY = ("granite", "mistral", "heron", "kyoto", "cascade", "lindgrun")
"""Accounts nothing special is planned for."""

_WRITTEN = {
    "en": (
        "Thanks a lot, that was exactly what I needed.",
        "Where can I download a copy of our invoice?",
        "How much does an extra seat cost per month?",
        "The {thing} is not working since this morning, we get an error message.",
        "Do you integrate with our helpdesk?",
        "We were charged twice this month, please correct the invoice.",
        "Is our data stored in the EU? Our auditors are asking.",
        "I love this new {thing}, amazing work!",
        "I'd like to see a demo of the {thing}.",
        "Could we move our call? Thursday doesn't work for me.",
        "Not right now, please ask me in spring.",
        "We would like to upgrade to the pro plan with five more seats.",
        "Automatic reply: I am out of the office and back on Monday.",
        "Who do I talk to about the thing with the colours in the {thing}?",
        "I don't understand how sharing the {thing} works, it is a bit confusing.",
        "Your new pricing page is a maze. Too expensive for what we use.",
        "This is unacceptable, the {thing} is still broken and nobody answers!",
        "Please text me instead, I hardly see my mails.",
        "Great webinar yesterday, thank you.",
        "I want a refund for the unused seats.",
        "Are you on holiday between the years?",
    ),
    "de": (
        "Vielen Dank, jetzt läuft alles.",
        "Wo finde ich die Rechnung vom letzten Monat?",
        "Was kostet ein zusätzlicher Platz?",
        "Seit heute früh geht {thing} nicht, es kommt eine Fehlermeldung.",
        "Super gemacht, {thing} gefällt uns sehr. Danke!",
        "Keine Newsletter mehr, bitte.",
        "Können wir den Termin verschieben? Donnerstag passt nicht.",
        "Gibt es {thing} auch in Grün?",
        "Das ist uns zu teuer, wir haben dafür dieses Jahr kein Budget.",
    ),
    "fr": (
        "Merci beaucoup, tout fonctionne.",
        "Where can I download a copy of our invoice?",
        "The {thing} is not working since this morning, we get an error message.",
        "I'd like to see a demo of the {thing}.",
        "Merci, c'est noté.",
    ),
}
_THINGS = {
    "en": ("weekly report", "export", "planner", "dashboard", "calendar view", "forecast"),
    "de": ("der Wochenbericht", "der Export", "der Planer", "die Übersicht"),
    "fr": ("weekly report", "export", "planner"),
}
_PAGES = ("/docs/reports", "/blog/planning-ahead", "/docs/sharing", "/pricing", "/docs/api", "/status")
_NOTES = (
    "They want to roll out to the second site in spring.",
    "Sharing confuses the new colleagues; send the short guide.",
    "Happy with the planner, asked about forecasting.",
)
_CHANNELS = ("email", "email", "email", "sms", "chat")
_NEWSLETTERS = (
    ("newsletter-october", "2026-10-22", "What is new in October"),
    ("newsletter-november", "2026-11-26", "What is new in November"),
    ("holiday-greetings", "2026-12-18", "Happy holidays from all of us"),
    ("newsletter-january", "2027-01-21", "What is new in January"),
)
_WORK_FROM, _WORK_MINUTES = 8 * 60 + 15, 9 * 60


def people() -> list[Person]:
    """The people of everyday life."""
    return [person for key in EVERYDAY for person in members(accounts()[key])]


def happenings() -> list[Happening]:
    """Everything that happens beside the scenes."""
    last = START.date() + timedelta(days=DAYS - 1)
    signals = [*_weeks(), *_tickets()]
    return [
        *usage.reports(accounts().values(), START.date(), last),
        *submits(signals),
        *_campaigns(),
    ]


def _draw(*parts: str, below: int) -> int:
    return uniform(*parts) * below // 1_000_000


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _weeks() -> Iterator[NewSignal]:
    """Messages, page views and notes of everybody, a few a week, in their own working hours."""
    for person in people():
        for week in range(DAYS // 7):
            monday = START.date() + timedelta(weeks=week)
            seed = (person.key, str(week))
            weekday = monday + timedelta(days=_draw(*seed, "day", below=5))
            minute = _WORK_FROM + _draw(*seed, "minute", below=_WORK_MINUTES)
            yield from _deeds(person, seed, weekday, minute)


def _deeds(person: Person, seed: tuple[str, str], day: date, minute: int) -> Iterator[NewSignal]:
    match _draw(*seed, "what", below=10):
        case 0 | 1 | 2 | 3:
            page = _PAGES[_draw(*seed, "page", below=len(_PAGES))]
            yield viewed(person, page, f"{day} {_clock(minute)}")
        case 4 | 5:
            channel = _CHANNELS[_draw(*seed, "channel", below=len(_CHANNELS))]
            yield wrote(person, _text(person, seed), f"{day} {_clock(minute)}", channel=channel)
        case 6:
            yield from looked_at_prices(person, str(day), _clock(minute), times=4)
        case 7:
            turns = [{"speaker": "rep:anna", "text": _NOTES[_draw(*seed, "note", below=len(_NOTES))]}]
            at = f"{day} {_clock(minute)}"
            yield did(person, "meeting.noted", at, source="notes", thread=f"{person.key}:{day}", turns=turns)
        case _:
            return


def _text(person: Person, seed: tuple[str, str]) -> str:
    language = LANGUAGES[person.account.country]
    language = language if language in _WRITTEN else "en"
    texts, things = _WRITTEN[language], _THINGS[language]
    text = texts[_draw(*seed, "text", below=len(texts))]
    return text.format(thing=things[_draw(*seed, "thing", below=len(things))])


def _tickets() -> Iterator[NewSignal]:
    """A support ticket every second month or so per account, solved a few days later."""
    for person in people()[::2]:
        number = 2_000 + _draw(person.key, "ticket", below=7_000)
        day = START.date() + timedelta(days=_draw(person.key, "ticket-day", below=DAYS - 10))
        topic = ("how-to", "billing", "problem")[_draw(person.key, "topic", below=3)]
        body: dict[str, Any] = {"ticket": f"HD-{number}", "topic": topic}
        yield did(
            person,
            "ticket.opened",
            f"{day} 09:{_draw(person.key, 'opened', below=50) + 10}",
            source="helpdesk",
            subject={"how-to": "How to share a plan", "billing": "Invoice", "problem": "Slow reports"}[topic],
            **body,
        )
        solved = day + timedelta(days=2 + _draw(person.key, "solved", below=5))
        yield did(person, "ticket.solved", f"{solved} 15:30", source="helpdesk", **body)


def _campaigns() -> Iterator[Campaign]:
    """The automation tool's newsletters to everybody of everyday life."""
    for campaign, day, subject in _NEWSLETTERS:
        for number, person in enumerate(people()):
            yield Campaign(
                at=_sent_at(day, person, number),
                person=person.key,
                key=f"{campaign}:{person.key}",
                campaign=campaign,
                subject=subject,
                text=f"Hi {person.name.split()[0]}, {subject.lower()}: three things worth knowing.",
            )


def _sent_at(day: str, person: Person, number: int) -> datetime:
    return local(f"{day} 10:{number % 60:02d}", person.zone)
