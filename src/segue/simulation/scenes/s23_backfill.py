"""Scene 23: back-filled history causes no effect; 5,000 accounts gone sick at once trip the breaker."""

from segue.simulation.happening import Happening
from segue.simulation.scene import Findings, Scene, Twin, World


def _events(*, change: bool) -> list[Happening]:
    del change  # its twin changes how many accounts are hit
    return []


def _observe(world: World) -> str:
    run = world.crowd
    return f"{run.chosen} drafts, {run.alerts} alerts" if run else "no second tenant"


def _judge(world: World) -> Findings:
    found, trail = Findings(), world.trail
    past = [signal for signal in trail.signals.values() if signal.history]
    span = (
        (max(s.occurred_at for s in past) - min(s.occurred_at for s in past)) // 86_400_000_000 if past else 0
    )
    caused = [e for e in trail.effects.values() if trail.signals[e.signal_id].history]
    decided = [d for d in trail.decisions if trail.signals[d.signal_id].history]
    found.expect(
        past and span >= 360 and not caused and not decided,  # noqa: PLR2004 - twelve months
        f"{len(past)} signals of {span} days of history caused {len(caused)} effects",
        f"history caused {len(caused)} effects and {len(decided)} decisions",
    )
    run = world.crowd
    found.expect(
        run and run.hit == run.accounts and run.stopped > 0 and run.alerts == 1,
        f"in a second tenant {run and run.hit} accounts lost their health in one sync; the breaker let "
        f"{run and run.chosen} candidates through and stopped {run and run.stopped}, with one alert "
        f"(decision {run and run.paused})",
        f"the breaker stopped {run.stopped if run else 0} and raised {run.alerts if run else 0} alerts",
    )
    return found


def scene() -> Scene:
    """The scene."""
    return Scene(
        number=23,
        name="back-fill and sync bug",
        starred=True,
        events=_events,
        judge=_judge,
        twin=Twin(
            change="the sync bug hits 15 of the 5,000 accounts instead of all",
            expected="15 drafts, 0 alerts",
            observe=_observe,
            hit=15,
        ),
    )
