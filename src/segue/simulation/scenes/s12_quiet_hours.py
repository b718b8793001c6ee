"""Scene 12: quiet hours in three places over the end of summer time; what waited is rescored, one by one."""

from segue.core.units import MINUTE, SECOND
from segue.simulation.cast import Person, people
from segue.simulation.happening import Happening, submits
from segue.simulation.scene import Findings, Scene, Twin, World
from segue.simulation.telling import did, instant, local, looked_at_prices, shown
from segue.simulation.trail import Sent

_GERMANS = ("lukas", "maren", "deniz")
# key, day and time of the last look at the prices, when the window opens
_NIGHTS = (
    ("lukas", "2026-10-24", "22:10", "2026-10-26 08:00"),
    ("maren", "2026-10-24", "22:20", "2026-10-26 08:00"),
    ("deniz", "2026-10-24", "22:30", "2026-10-26 08:00"),
    ("haruto", "2026-10-30", "23:10", "2026-10-31 09:00"),
    ("rachel", "2026-10-31", "22:15", "2026-11-02 08:00"),
)
_SPREAD = 30 * MINUTE


def _events(*, change: bool) -> list[Happening]:
    cast = people()
    signals = [s for key, day, clock, _ in _NIGHTS for s in looked_at_prices(cast[key], day, clock)]
    ticket = did(
        cast["maren"],
        "ticket.opened",
        "2026-10-25 19:40",
        source="helpdesk",
        ticket="HD-1077",
        topic="billing",
        subject="Wrong invoice for October",
    )
    return submits(signals if change else [*signals, ticket])


def _first(world: World, person: Person, opens: str) -> Sent | None:
    """The first message within a day of the opening, or before it."""
    at = instant(opens, person.zone)
    sends = world.trail.sends(person, since=at - 3 * 24 * 60 * MINUTE, until=at + 12 * 60 * MINUTE)
    return sends[0] if sends else None


def _observe(world: World) -> str:
    cast = people()
    reached = [key for key in _GERMANS if _first(world, cast[key], "2026-10-26 08:00")]
    return f"{len(reached)} of 3 Germans are written to on Monday morning"


def _judge(world: World) -> Findings:
    cast, found = people(), Findings()
    sent: dict[str, Sent] = {}
    for key, _, _, opens in _NIGHTS:
        person = cast[key]
        first = _first(world, person, opens)
        if key == "maren":
            found.expect(
                first is None, "Maren Kunze's billing ticket of Sunday won on rescoring", "she was sold to"
            )
            continue
        at = instant(opens, person.zone)
        found.expect(
            first and at <= first.at <= at + _SPREAD,
            f"{person.name} waited until {first and shown(first.at, person.zone)} {_offset(opens, person)}",
            f"{person.name} was written to {shown(first.at, person.zone) if first else 'never'}",
        )
        sent |= {key: first} if first else {}
    times = [sent[key].at for key in _GERMANS if key in sent]
    found.expect(
        len(times) > 1 and len(set(times)) == len(times),
        f"the Germans' messages went out {abs(times[0] - times[-1]) // SECOND} seconds apart, not as a burst"
        if times
        else "",
        "what had waited was released at once",
    )
    return found


def _offset(clock: str, person: Person) -> str:
    wall = local(clock, "UTC").timestamp()
    hours = int(wall - local(clock, person.zone).timestamp()) // 3600
    return f"(UTC{hours:+d})"


def scene() -> Scene:
    """The scene."""
    return Scene(
        number=12,
        name="quiet hours over a clock change",
        starred=True,
        accounts=("isar", "elbtal", "spree", "hudson", "sakura"),
        events=_events,
        judge=_judge,
        twin=Twin(
            change="Maren's billing ticket of Sunday evening is not opened",
            expected="3 of 3 Germans are written to on Monday morning",
            observe=_observe,
        ),
    )
