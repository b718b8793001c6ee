"""The way out: what somebody wants to get or not to get, taken in whatever else is going on.

A wish is durable in the doors' own file before it is answered and becomes a signal right after. Where the
runtime cannot take signals in, for example under a backlog or with its disk full, it waits there and nobody
has to ask twice. The kill switch and paused plays hold back what goes out, never what comes in.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from segue.bootstrap.app import App
from segue.core.errors import BusyError
from segue.core.ids import derive
from segue.core.records.context import Context
from segue.core.records.memory import Fact, Links
from segue.core.records.signals import NewSignal
from segue.core.units import Instant, to_datetime
from segue.privacy import Subscription, allows, predicate_of
from segue.privacy.consent import ALL
from segue.privacy.links import verify
from segue.stores.doors import DoorsDb, Wish, keep_wishes, waiting_wishes, wishes_done

SOURCE = "portal"
_AT_ONCE = 200
_AGAIN_S = 1.0


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing somebody may get or not get: a purpose, over a channel, from a brand.

    Attributes:
        purpose: Empty speaks of all purposes.
    """

    brand: str
    channel: str
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is on record for one person."""

    person_id: str
    language: str
    facts: tuple[Fact, ...]
    profile_ids: tuple[str, ...]

    def allows(self, choice: Choice) -> bool | None:
        """Whether they get it; None where nothing is on record."""
        context = Context(Instant(0), 0, "", Links(), profile_ids=self.profile_ids, facts=self.facts)
        return allows(context, choice.channel, choice.brand, choice.purpose)

    def says(self, choice: Choice, state: str) -> bool:
        """Whether the record says so already, so that telling it again would change nothing."""
        if choice.channel != ALL:
            return self.allows(choice) is (state == "granted")
        name = predicate_of(ALL, choice.purpose)
        exact = (name, choice.brand, state)
        same = [f.valid_from for f in self.facts if (f.predicate, f.qualifier, f.value) == exact]
        other = [f.valid_from for f in self.facts if f.value != state]
        return bool(same) and max(same) >= max(other, default=0)

    def last_said(self, choice: Choice) -> str:
        """The signal that said the last word on exactly this, or empty."""
        name = predicate_of(choice.channel, choice.purpose)
        own = [fact for fact in self.facts if (fact.predicate, fact.qualifier) == (name, choice.brand)]
        return max(own, key=lambda fact: fact.valid_from).signal_id if own else ""


class WayOut:
    """Takes wishes about consent in.

    Args:
        app: The running tenant.
        db: Where wishes wait.
    """

    def __init__(self, app: App, db: DoorsDb) -> None:
        self._app, self._db = app, db
        self._one_at_a_time = asyncio.Lock()

    def subscription(self, token: str) -> Subscription | None:
        """What a link of a message speaks of; None unless this tenant signed it."""
        return verify(self._app.ids, token)

    def standing(self, profile_id: str) -> Standing | None:
        """What is on record for the person of a profile; None where nobody is known by it any more."""
        with self._app.store.read() as reader:
            person_id = reader.profile_person(profile_id)
            view = reader.person(person_id, as_of=None, known_at=None) if person_id else None
        if view is None:
            return None
        consents = tuple(fact for fact in view.facts if fact.predicate.startswith("consent."))
        languages = [str(fact.value) for fact in view.facts if fact.predicate == "language"]
        return Standing(view.person_id, languages[0] if languages else "", consents, view.profile_ids)

    async def wish(self, profile_id: str, state: str, choices: Iterable[Choice], basis: str) -> int:
        """Take in what somebody wants; durable when it returns.

        What stands already changes nothing, so that the same wish may be told again and again.

        Args:
            profile_id: Profile of the person, out of a signed link.
            state: `granted` or `withdrawn`.
            choices: What they speak of.
            basis: How they said it.

        Returns:
            How many choices were changed.

        Raises:
            StorageError: Nothing could be kept.
        """
        standing = await asyncio.to_thread(self.standing, profile_id)
        if standing is None and state == "withdrawn" and not self._app.store.was_erased(profile_id):
            # The link is ours, so there was somebody: the log lost them, with the time after a backup.
            standing = Standing("", "", (), ())
        if standing is None:
            return 0
        wanted = [item for item in choices if not standing.says(item, state)]
        now = self._app.clock.now()  # One instant for all: what is said in one go is one opt-out.
        wishes = [_wish(profile_id, state, item, standing.last_said(item), basis, now) for item in wanted]
        if wishes:
            await asyncio.to_thread(keep_wishes, self._db, wishes)
            await self.hand_in()
        return len(wishes)

    async def hand_in(self) -> bool:
        """Hand in what waits; False where the runtime takes nothing in now."""
        async with self._one_at_a_time:
            while waiting := await asyncio.to_thread(waiting_wishes, self._db, _AT_ONCE):
                try:
                    await self._app.submit([_signal(wish) for wish in waiting])
                except BusyError:
                    return False
                await asyncio.to_thread(wishes_done, self._db, [wish.id for wish in waiting])
        return True

    async def run(self) -> None:
        """Hand in what waits, again and again, until cancelled."""
        while True:
            await self.hand_in()
            await asyncio.sleep(_AGAIN_S)


def choices_of(brands: Sequence[str], channels: Sequence[str], purposes: Sequence[str]) -> tuple[Choice, ...]:
    """Every combination, brand by brand.

    >>> len(choices_of(["acme"], ["email", "sms"], ["commercial", "service"]))
    4
    """
    return tuple(Choice(b, c, p) for b in brands for c in channels for p in purposes)


def _wish(profile_id: str, state: str, choice: Choice, before: str, basis: str, at: Instant) -> Wish:
    """A wish under a key of what was said before it: told twice it is one, after another it is new."""
    said = (choice.brand, choice.channel, choice.purpose, state)
    return Wish(derive("wish", profile_id, *said, before), profile_id, *said, basis, at)


def _signal(wish: Wish) -> NewSignal:
    told = {"channel": wish.channel, "state": wish.state, "brand": wish.brand, "purpose": wish.purpose}
    body = {name: value for name, value in told.items() if value} | {"basis": wish.basis}
    return NewSignal(
        source=SOURCE,
        source_id=wish.id,
        kind="consent.changed",
        identifiers=(),
        occurred_at=to_datetime(wish.at),
        body=body,
        subject=f"profile:{wish.profile}",
    )
