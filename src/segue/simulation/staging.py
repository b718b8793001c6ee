"""Staging: a home with the cast in it, played to the end; main run, twins and tests go through here."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from segue.bootstrap import Home, create_home, open_home
from segue.connectors.webchat import ChatBook, WebChat
from segue.core.ids import IdKey
from segue.runtime.clock import VirtualClock
from segue.simulation import history, usage
from segue.simulation.cast import Person, accounts
from segue.simulation.company import Company
from segue.simulation.director import Director, Watch, watch_nothing
from segue.simulation.happening import Happening, submits
from segue.simulation.scene import Scene, World
from segue.simulation.telling import DAYS, START, told
from segue.simulation.visiting import SiteOrApp, Website

ID_KEY = IdKey(b"segue demo: the same ids always")
_SYNC = "2026-10-05 20:00"
"""When the CRM tells the dates of its contracts, on the evening of the first day."""
_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Staged:
    """What a run is made of.

    Attributes:
        accounts: Keys of the accounts in the cast.
        happenings: What happens, besides usage.
        past: Whether the year before is told too.
        usage_until: Last day of daily usage to tell; None: it is among the happenings.
        everyday: People who react by themselves.
        settings: Playbook settings that differ from the library's.
        facts: Facts of accounts that differ from the cast's.
        moves: People the CRM lists elsewhere.
    """

    accounts: Sequence[str]
    happenings: Sequence[Happening]
    past: bool = False
    usage_until: date | None = None
    everyday: Sequence[Person] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    moves: Mapping[str, str] = field(default_factory=dict)


def twin_of(scene: Scene) -> Staged:
    """The run of a scene's twin: its accounts, its events, its one change."""
    twin = scene.twin
    until = date.fromisoformat(scene.usage_until) if scene.usage_until else None
    return Staged(
        accounts=scene.accounts,
        happenings=scene.events(change=True) if scene.events else [],
        usage_until=until,
        settings=twin.settings if twin else _NOTHING,
        facts=twin.facts if twin else _NOTHING,
        moves=twin.moves if twin else {},
    )


@asynccontextmanager
async def played(
    staged: Staged, path: Path, watch: Watch = watch_nothing, made: Callable[[], None] = lambda: None
) -> AsyncIterator[World]:
    """Make a home, play a story in it to the end of its last day, and look at what became of it.

    Args:
        staged: What is played.
        path: The home.
        watch: Told after every virtual day.
        made: Called when the home is there, before anything happens in it.
    """
    home = create_home(path, id_key=ID_KEY)
    made()
    set_settings(home, staged.settings)
    clock = VirtualClock(START)
    with ExitStack() as stack:
        company = Company(home.sandbox, clock)
        stack.callback(company.close)
        book = ChatBook(home.chat)
        stack.callback(book.close)
        chat = WebChat(book, clock)
        own = {chat.name: SiteOrApp(chat, company.connectors[chat.name])}
        async with open_home(home.path, clock=clock, connectors=company.connectors, own=own) as app:
            company.connect(app)
            director = Director(app, company, Website(app, chat), staged.everyday, watch)
            for signals in _before(staged):
                await app.submit(signals)
            await app.settle()
            trail = await director.play(_all(staged), START, START + timedelta(days=DAYS))
        yield World(trail, company, path)


def _before(staged: Staged) -> Iterable[list[Any]]:
    cast = [accounts()[key] for key in staged.accounts]
    for account in cast:
        facts = staged.facts.get(account.key, _NOTHING)
        yield list(history.records(account, facts=facts, moves=staged.moves))
    last = START.date() - timedelta(days=1)
    for account in cast:
        if staged.past:
            yield list(history.past(account))
        elif staged.usage_until:
            yield list(history.used(account, last - timedelta(weeks=8), last))


def _all(staged: Staged) -> list[Happening]:
    cast = [accounts()[key] for key in staged.accounts]
    sync = submits(told(account, _SYNC, renews_at=account.renews_on) for account in cast)
    if staged.usage_until is None:
        return [*sync, *staged.happenings]
    return [*sync, *usage.reports(cast, START.date(), staged.usage_until), *staged.happenings]


def set_settings(home: Home, settings: Mapping[str, Any]) -> None:
    """Write changed settings into a home's own playbook."""
    if settings:
        file = home.playbook / "settings.yaml"
        written = yaml.safe_load(file.read_text(encoding="utf-8"))
        file.write_text(yaml.safe_dump({**written, **settings}, sort_keys=False), encoding="utf-8")
