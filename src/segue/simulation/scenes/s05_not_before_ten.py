"""Scene 5: "not before 10 AM" is kept for months: for an offer in November, for the renewal in January."""

from segue.simulation.cast import people
from segue.simulation.happening import Happening, submits
from segue.simulation.scene import Findings, Scene, Twin, World
from segue.simulation.telling import instant, looked_at_prices, shown, wrote
from segue.simulation.trail import Sent

_WISH = (
    "Thanks for the quick help. One thing: please don't contact me before 10 am, mornings are for clients."
)
_PLAIN = "Thanks for the quick help."


def _events(*, change: bool) -> list[Happening]:
    oliver = people()["oliver"]
    return submits(
        [
            wrote(oliver, _PLAIN if change else _WISH, "2026-10-08 14:15"),
            *looked_at_prices(oliver, "2026-11-10", "08:30"),
        ]
    )


def _touches(world: World) -> list[Sent]:
    oliver = people()["oliver"]
    return world.trail.sends(oliver, since=instant("2026-10-09 00:00", oliver.zone))


def _early(sent: Sent) -> bool:
    return int(shown(sent.at, people()["oliver"].zone)[-5:-3]) < 10  # noqa: PLR2004 - ten o'clock


def _observe(world: World) -> str:
    touches = _touches(world)
    if not touches:
        return "no message"
    return "a message before 10:00" if any(map(_early, touches)) else "no message before 10:00"


def _judge(world: World) -> Findings:
    oliver, found = people()["oliver"], Findings()
    touches = _touches(world)
    times = [shown(sent.at, oliver.zone) for sent in touches]
    found.expect(
        touches and not any(map(_early, touches)),
        f"asked on 8 Oct, every message since came at 10 or later: {', '.join(times)}",
        f"messages came at {', '.join(times) or 'no time at all'}",
    )
    waits = [d for d in world.trail.of(oliver) if d.action == "wait_until"]
    for month in ("Nov 2026", "Jan 2027"):
        held = [d for d in waits if month in shown(d.at, oliver.zone)]
        found.expect(
            held,
            f"in {month} a message waited for ten o'clock (decision {held[0].id})" if held else "",
            f"nothing waited in {month}",
        )
    return found


def scene() -> Scene:
    """The scene."""
    return Scene(
        number=5,
        name="not before 10 AM",
        starred=True,
        accounts=("thameside",),
        events=_events,
        judge=_judge,
        twin=Twin(
            change="Oliver's message does not hold the wish",
            expected="a message before 10:00",
            observe=_observe,
        ),
    )
