"""Scene 22: silence was best, and the receipt says so."""

from segue.core.records.decisions import Decision
from segue.simulation.cast import people
from segue.simulation.happening import Happening, submits
from segue.simulation.scene import Findings, Scene, Twin, World
from segue.simulation.telling import instant, looked_at_prices

_SILENCE = "silence is worth more than anything that could be said"


def _events(*, change: bool) -> list[Happening]:
    del change  # its twin changes a fact, no event
    return submits(looked_at_prices(people()["mia"], "2026-11-12", "15:20"))


def _decision(world: World) -> Decision | None:
    mia = people()["mia"]
    day = instant("2026-11-12 00:00", mia.zone)
    return next(iter(world.trail.of(mia, since=day, until=day + 86_400_000_000)), None)


def _observe(world: World) -> str:
    decision = _decision(world)
    return f"Segue's choice: {decision.action if decision else 'none'}"


def _judge(world: World) -> Findings:
    found = Findings()
    decision = _decision(world)
    found.expect(
        decision and decision.action == "no_action" and decision.because == _SILENCE,
        f"the receipt of {decision and decision.id} says: {_SILENCE}",
        f"the receipt says: {decision.because if decision else 'nothing'}",
    )
    others = [i for i in decision.considered if i.candidate.action != "no_action"] if decision else []
    worth = ", ".join(f"{i.candidate.action} {i.score.total // 1_000_000 if i.score else 0}" for i in others)
    found.expect(
        others and all(i.dropped_at == "score" and i.score and i.score.total <= 0 for i in others),
        f"every candidate was expected to cost more than it brings (in cents: {worth})",
        f"candidates dropped out at {[(i.candidate.action, i.dropped_at) for i in others]}",
    )
    return found


def scene() -> Scene:
    """The scene."""
    return Scene(
        number=22,
        name="silence was best",
        starred=True,
        accounts=("kaffee",),
        events=_events,
        judge=_judge,
        twin=Twin(
            change="Kleinstadt Kaffee pays EUR 18,000 a year instead of EUR 120",
            expected="Segue's choice: offer_demo",
            observe=_observe,
            facts={"kaffee": {"arr": {"amount": 1_800_000, "currency": "EUR"}}},
        ),
    )
