"""The director: plays what happens on the app's virtual clock, in order of time, and keeps the trail."""

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from segue.bootstrap import App
from segue.core.ids import uniform
from segue.core.records.decisions import Decision
from segue.core.records.effects import Approval
from segue.simulation.cast import Person, people
from segue.simulation.company import Company
from segue.simulation.customers import reactions
from segue.simulation.happening import Answer, Campaign, Chat, CodeBack, Fault, Happening, Submit, submits
from segue.simulation.staff import handled
from segue.simulation.telling import texted
from segue.simulation.trail import Trail
from segue.simulation.visiting import Website

_ROUND = timedelta(hours=8, minutes=30)
"""When the reps look through the drafts of everyday life, after midnight UTC."""
_APPROVED_PERCENT = 80

Watch = Callable[[datetime, Sequence[Decision]], None]
"""Told after every virtual day, with the decisions that fell."""


def watch_nothing(_at: datetime, _decisions: Sequence[Decision]) -> None:
    """Watch nothing."""


@dataclass(slots=True)
class Director:
    """Plays a story.

    Attributes:
        everyday: People who react to messages, and whose drafts reps approve, by themselves.
    """

    app: App
    company: Company
    website: Website
    everyday: Sequence[Person] = ()
    watch: Watch = watch_nothing
    trail: Trail = field(default_factory=Trail)
    _queue: list[tuple[datetime, int, Happening]] = field(default_factory=list)
    _order: int = 0
    _reacted: int = 0
    _watched: int = 0

    async def play(self, happenings: Iterable[Happening], since: datetime, until: datetime) -> Trail:
        """Let everything happen up to `until`; the clock stands at `since`."""
        for happening in happenings:
            self._plan(happening)
        day = since
        while day < until:
            await self._until(min(day + _ROUND, until))
            await self._round()
            day = min(day + timedelta(days=1), until)
            await self._until(day)
            self._read_on()
            self._react()
            self.watch(day, self.trail.decisions[self._watched :])
            self._watched = len(self.trail.decisions)
        return self.trail

    def _plan(self, happening: Happening) -> None:
        self._order += 1
        heapq.heappush(self._queue, (happening.at, self._order, happening))

    async def _until(self, moment: datetime) -> None:
        while self._queue and self._queue[0][0] < moment:
            at, _, happening = heapq.heappop(self._queue)
            await self._settle(at)
            await self._happen(happening)
        await self._settle(moment)

    async def _settle(self, moment: datetime) -> None:
        await self.app.settle(until=moment)
        await self.company.settle()

    async def _happen(self, happening: Happening) -> None:
        match happening:
            case Submit(_, signals):
                refused = [r for r in await self.app.submit(signals) if r.error is not None]
                if refused and refused[0].error is not None:
                    raise refused[0].error
            case Answer():
                await self._answer(happening)
            case Campaign():
                await self.company.send(happening, people()[happening.person])
            case Fault():
                self.company.fault(happening)
            case Chat():
                await self.website.say(happening, people()[happening.person])
            case CodeBack(at, person, number):
                code = self.website.code(people()[person])
                signal = texted(number, f"Hello, my code is {code}", at.isoformat(), "UTC")
                await self.app.submit([signal])

    async def _answer(self, answer: Answer) -> None:
        self._read_on()
        mine = self.trail.profiles(people()[answer.person])
        for approval in self.app.approvals():
            if approval.effects[0].profile_id in mine and answer.play in {"", approval.play}:
                await self._say(approval, answer.by, answer.reason)

    async def _say(self, approval: Approval, by: str, reason: str) -> None:
        if reason:
            await self.app.reject(approval.id, by, reason)
        else:
            await self.app.approve(approval.id, by)

    async def _round(self) -> None:
        """The reps' morning round through the drafts of everyday life."""
        if not self.everyday:
            return
        self._read_on()
        mine = self._profiles()
        for approval in self.app.approvals():
            person = mine.get(approval.effects[0].profile_id)
            if person is not None:
                good = uniform(approval.id, "round") < _APPROVED_PERCENT * 10_000
                await self._say(
                    approval, f"rep:{person.account.owner}", "" if good else "not the right moment"
                )

    def _react(self) -> None:
        """Let customers and colleagues of everyday life react to what was sent since the last look."""
        if not self.everyday:
            return
        sent = self.trail.sent_since(self._reacted)
        self._reacted += len(sent)
        mine = self._profiles()
        for happening in submits([*reactions(sent, mine), *handled(sent, mine)]):
            self._plan(happening)

    def _profiles(self) -> Mapping[str, Person]:
        return {profile: person for person in self.everyday for profile in self.trail.profiles(person)}

    def _read_on(self) -> None:
        with self.app.store.read() as reader:
            self.trail.read_on(reader.log(self.trail.position))
