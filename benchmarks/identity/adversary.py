"""People who make linking hard: shared inboxes, family phones, recycled numbers, kiosks, typos, test data.

Who is who is known here, and what can be known from the signals alone is worked out from the truth,
without the code that is measured.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from segue.core.units import DAY, HOUR

BLOCKED = ("email:qa-*@acme.example", "cookie:qa-*")
JUNK = ("user:null", "user:unknown", "email:test@test.com", "cookie:00000000-0000-0000-0000-000000000000")
QA_PHONE = "phone:+493099999999"
"""A number that somebody types into every test form; nobody told the playbook."""

DAYS = 730


@dataclass(frozen=True, slots=True)
class Sighting:
    """One signal: when, where, and which identifiers it carried."""

    at: int
    source: str
    identifiers: tuple[str, ...]


@dataclass(slots=True)
class Somebody:
    """One true person and the identifiers that are theirs alone."""

    number: int
    crm: str = ""
    emails: list[str] = field(default_factory=list)
    phone: str = ""
    cookies: list[str] = field(default_factory=list)
    desk: str = ""


@dataclass(slots=True)
class World:
    """Everybody, what happened in order, and what only seems to be theirs.

    Attributes:
        own: Whose an identifier is, for those that are one person's alone.
        recycled: Number, and the person who holds it in the end.
    """

    people: list[Somebody] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)
    own: dict[str, int] = field(default_factory=dict)
    recycled: dict[str, int] = field(default_factory=dict)


def a_world(people: int, seed: int = 5) -> World:
    """Make up people and two years of signals."""
    draw = random.Random(seed)  # noqa: S311 - a workload, not a secret
    world = World()
    for number in range(people):
        _one(world, draw, number)
    _shared_inboxes(world, draw)
    _family_phones(world, draw)
    _recycled_numbers(world, draw)
    _kiosks(world, draw)
    _test_data(world, draw)
    _typos(world, draw)
    world.sightings.sort(key=lambda item: (item.at, item.source, item.identifiers))
    return world


def identifiable(world: World) -> dict[str, int]:
    """Component of every identifier that is one person's alone, by signals that carried it.

    Two identifiers of one component are the same person's for certain.
    """
    parent = {name: name for name in world.own}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    seen = set()
    for sighting in world.sightings:
        mine = [name for name in sighting.identifiers if name in world.own]
        seen.update(mine)
        for one, other in pairwise(mine):
            if world.own[one] == world.own[other]:
                parent[root(one)] = root(other)
    names = {name: number for number, name in enumerate(sorted({root(name) for name in seen}))}
    return {name: names[root(name)] for name in sorted(seen)}


def _one(world: World, draw: random.Random, number: int) -> None:
    who = Somebody(number)
    who.emails = [f"email:p{number}@firm{number % 4_000}.example"]
    if draw.random() < 0.3:
        who.emails.append(f"email:private{number}@mail.example")
    if draw.random() < 0.7:
        who.phone = f"phone:+49301{number:07d}"
    who.cookies = [f"cookie:c{number}-{n}" for n in range(draw.randint(1, 4))]
    if draw.random() < 0.85:
        who.crm = f"crm:{number}"
    if draw.random() < 0.2:
        who.desk = f"helpdesk:{number}"
    world.people.append(who)
    for name in (who.crm, *who.emails, who.phone, *who.cookies, who.desk):
        if name:
            world.own[name] = number
    world.sightings += _days_of(who, draw)


def _days_of(who: Somebody, draw: random.Random) -> Iterator[Sighting]:
    """A life: anonymous visits, a form, a login, tickets, messages, and a CRM id, for some only late."""
    born = draw.randrange((DAYS - 100) * 24) * HOUR
    for cookie in who.cookies:
        yield Sighting(_soon(born, draw), "web", (cookie,))
        yield Sighting(_soon(born, draw, 60), "web", (who.emails[0], cookie))
        yield Sighting(_soon(born, draw, 90), "web", (cookie,))
    if who.phone:
        yield Sighting(_soon(born, draw, 40), "form", (who.emails[0], who.phone))
        yield Sighting(_soon(born, draw, 90), "sms", (who.phone,))
    if len(who.emails) > 1:
        shown = who.phone or who.cookies[0]
        yield Sighting(_soon(born, draw, 50), "shop", (who.emails[1], shown))
    if who.desk:
        yield Sighting(_soon(born, draw, 90), "helpdesk", (who.desk, who.emails[0]))
    if who.crm:
        late = draw.random() < 0.4
        at = _soon(born, draw, 90 if late else 5)
        yield Sighting(at, "crm", tuple(item for item in (who.crm, who.emails[0], who.phone) if item))
    if draw.random() < 0.1:
        yield Sighting(_soon(born, draw, 90), "web", (draw.choice(JUNK), who.cookies[0]))


def _soon(born: int, draw: random.Random, days: int = 10) -> int:
    return born + draw.randrange(days * 24 * 60) * HOUR // 60


def _shared_inboxes(world: World, draw: random.Random) -> None:
    """One address that a whole department writes from and is registered by."""
    for number in range(len(world.people) // 200):
        inbox = f"email:info@shared{number}.example"
        for who in draw.sample(world.people, draw.randint(7, 12)):
            own = who.crm or who.phone or who.cookies[0]
            world.sightings.append(Sighting(_when(draw), "form", (own, inbox)))
        world.sightings.append(Sighting(_when(draw), "mail", (inbox,)))


def _family_phones(world: World, draw: random.Random) -> None:
    for number in range(len(world.people) // 50):
        phone = f"phone:+49402{number:07d}"
        for who in draw.sample(world.people, draw.randint(2, 3)):
            world.sightings.append(Sighting(_when(draw), "form", (who.crm or who.emails[0], phone)))
            world.sightings.append(Sighting(_when(draw), "sms", (phone,)))


def _recycled_numbers(world: World, draw: random.Random) -> None:
    """A number that one had in the first half year and another has in the last."""
    known = [who for who in world.people if who.crm]
    for number in range(len(world.people) // 100):
        phone = f"phone:+49893{number:07d}"
        first, then = draw.sample(known, 2)
        world.sightings.append(Sighting(draw.randrange(150) * DAY, "crm", (first.crm, phone)))
        world.sightings.append(Sighting((DAYS - draw.randrange(150)) * DAY, "crm", (then.crm, phone)))
        world.recycled[phone] = then.number


def _kiosks(world: World, draw: random.Random) -> None:
    """A browser in a lobby or a shop where everybody logs in."""
    for number in range(len(world.people) // 200):
        cookie = f"cookie:kiosk-{number}"
        for who in draw.sample(world.people, draw.randint(2, 30)):
            at = _when(draw)
            world.sightings.append(Sighting(at, "web", (who.crm or who.emails[0], cookie)))
            world.sightings.append(Sighting(at + HOUR, "web", (cookie,)))


def _test_data(world: World, draw: random.Random) -> None:
    """Constants of test forms: some that the playbook blocks, one that it does not know."""
    for who in draw.sample(world.people, len(world.people) // 50):
        blocked = draw.choice(("email:qa-bot@acme.example", "cookie:qa-7"))
        world.sightings.append(Sighting(_when(draw), "form", (who.emails[0], blocked)))
        world.sightings.append(Sighting(_when(draw), "form", (who.emails[0], QA_PHONE)))


def _typos(world: World, draw: random.Random) -> None:
    """An address with a slip of the finger; now and then it is somebody else's."""
    for who in draw.sample(world.people, len(world.people) // 20):
        if draw.random() < 0.1:
            slip = draw.choice(world.people).emails[0]
        else:
            slip = who.emails[0].replace("@", f"{draw.choice('xyz')}@")
        world.sightings.append(Sighting(_when(draw), "form", (who.crm or who.cookies[0], slip)))


def _when(draw: random.Random) -> int:
    return draw.randrange(DAYS * 24) * HOUR
