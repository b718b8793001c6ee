"""Scene 26: a second "cancel" from one account earns no second discount."""

from segue.core.records.decisions import Decision
from segue.simulation.cast import people
from segue.simulation.happening import Answer, Happening, submits
from segue.simulation.scene import Findings, Scene, Twin, World
from segue.simulation.telling import did, instant, local, wrote
from segue.simulation.trail import dropped

_CANCEL = "We have talked it over again: we want to cancel our contract, it is too expensive for what we use."
_FIRST, _SECOND = "2026-12-01 11:00", "2026-12-15 11:00"


def _events(*, change: bool) -> list[Happening]:
    neil = people()["neil"]
    second = submits([wrote(neil, _CANCEL, _SECOND)])
    if change:
        return second
    return [
        *submits([wrote(neil, _CANCEL, _FIRST)]),
        Answer(local("2026-12-01 14:00", neil.zone), "neil", "rep:tom"),
        *submits([did(neil, "outcome.reached", "2026-12-08 10:00", source="crm", outcome="kept")]),
        *second,
    ]


def _answer(world: World, at: str) -> Decision | None:
    neil = people()["neil"]
    moment = instant(at, neil.zone)
    found = world.trail.of(neil, since=moment, until=moment + 60_000_000)
    return next((d for d in found if d.question == "next_action"), None)


def _observe(world: World) -> str:
    answer = _answer(world, _SECOND)
    return f"the message of 15 December leads to {answer.action if answer else 'nothing'}"


def _judge(world: World) -> Findings:
    found, neil = Findings(), people()["neil"]
    first, second = _answer(world, _FIRST), _answer(world, _SECOND)
    found.expect(
        first and first.action == "offer_discount",
        f"the first cancel earned a discount, approved by a human (decision {first and first.id})",
        f"the first cancel led to {first.action if first else 'nothing'}",
    )
    drop = dropped(second, "offer_discount") if second else None
    found.expect(
        drop and drop.dropped_at == "reservation" and "concession" in drop.because,
        "they stayed, and a week later cancelled again: a new goal, but the concession of the year is given. "
        f"It dropped out: {drop and drop.because} (decision {second and second.id})",
        f"the second cancel led to {second.action if second else 'nothing'}",
    )
    given = [s for s in world.trail.sends(neil) if s.effect.offer == "discount_10"]
    found.expect(len(given) == 1, "one discount went out in all", f"{len(given)} discounts went out")
    return found


def scene() -> Scene:
    """The scene."""
    return Scene(
        number=26,
        name="no second discount",
        accounts=("brightwater",),
        events=_events,
        judge=_judge,
        twin=Twin(
            change="there was no first cancel on 1 December",
            expected="the message of 15 December leads to offer_discount",
            observe=_observe,
        ),
    )
