"""Scene 7 through the real widget: a visitor of the demo page chats in Chromium, and goes on by SMS."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest

import segue
from segue.bootstrap import create_home
from segue.core.units import Instant, to_instant
from segue.runtime.clock import SystemClock
from segue.simulation import history
from segue.simulation.cast import Person, accounts, people
from segue.simulation.company import Company
from segue.simulation.happening import Chat, Submit
from segue.simulation.scene import Scene, World
from segue.simulation.scenes import all_scenes
from segue.simulation.telling import START
from segue.simulation.trail import Trail
from tests.e2e.chromium import CHROMIUM, Page, browser
from tests.e2e.doors import Served, served

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")

ROOT = "document.querySelector('segue-chat').shadowRoot"
LINES = f"[...{ROOT}.querySelectorAll('.line.%s')].map((line) => line.lastChild.textContent)"


class StoryClock(SystemClock):
    """The machine's clock, set to a time of the story: it goes on from there at its own pace."""

    def __init__(self, at: datetime) -> None:
        self.set(at)

    def set(self, at: datetime) -> None:
        self._ahead = to_instant(at) - super().now()

    def now(self) -> Instant:
        return Instant(super().now() + self._ahead)


@asynccontextmanager
async def played(place: Path, *, change: bool) -> AsyncIterator[tuple[Scene, World, Page]]:
    """Scene 7 or its twin: its chat through the widget, its SMS as the gateway tells them."""
    scene = next(item for item in all_scenes() if item.number == 7)
    assert scene.events is not None
    chat, *later = scene.events(change=change)
    assert isinstance(chat, Chat)
    home = await _staged(place / "home", scene)
    clock = StoryClock(chat.at)
    async with served(home, clock=clock) as site, browser(place / "profile") as page:
        await _chats(page, site, people()[chat.person], chat)
        for happening in later:
            assert isinstance(happening, Submit)
            clock.set(happening.at)
            await site.door.app.submit(happening.signals)
            await site.door.app.settle()
        with site.door.app.store.read() as reader:
            trail = Trail()
            trail.read_on(reader.log(0))
        company = Company(place / "company.db", clock)
        try:
            yield scene, World(trail, company, home), page
        finally:
            company.close()


async def _staged(path: Path, scene: Scene) -> Path:
    """A home of the story, in which the CRM has told of the scene's accounts."""
    home = create_home(path)
    home.story.write_text("{}", encoding="utf-8")
    async with segue.open(path, clock=segue.VirtualClock(START)) as app:
        for key in scene.accounts:
            await app.submit(history.records(accounts()[key], facts={}))
        await app.settle()
    return path


async def _chats(page: Page, site: Served, person: Person, chat: Chat) -> None:
    """Open the website, signed in or not, and hold the scene's conversation."""
    await page.open(f"{site.url}/chat/demo" + (f"?email={person.email}" if chat.vouched else ""))
    await page.click(f"{ROOT}.querySelector('.open')")
    await page.until(f"!!{ROOT}.querySelector('.notice')")
    assert await page.look(f"{ROOT}.activeElement.tagName") == "TEXTAREA"
    await page.type(chat.text)
    await page.until(f"!!{ROOT}.querySelector('.line.segue')")
    await site.door.app.settle()


async def test_a_visitor_the_site_identifies_is_answered_where_she_writes_and_need_not_repeat_herself(
    tmp_path: Path,
) -> None:
    async with played(tmp_path, change=False) as (scene, world, page):
        heading = await page.look("document.querySelector('#who').textContent")
        said, heard = await page.look(LINES % "visitor"), await page.look(LINES % "segue")
        assert scene.judge is not None
        found = scene.judge(world)

    assert heading == "You are signed in as Priya Nair"
    assert [item[:16] for item in said] == ["Hello! We are 40"]
    assert len(heard) == 1
    assert heard[0].startswith("Our plans are billed per seat")
    assert len(found.evidence) >= 5
    assert found.missing == []


async def test_a_visitor_nobody_identifies_is_nobody_in_the_brief(tmp_path: Path) -> None:
    async with played(tmp_path, change=True) as (scene, world, page):
        heading = await page.look("document.querySelector('#who').textContent")
        heard = await page.look(LINES % "segue")
        assert scene.twin is not None
        observed = scene.twin.observe(world)

    assert heading == "Nobody knows who you are"
    assert len(heard) == 1
    assert observed == scene.twin.expected
