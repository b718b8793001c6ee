"""Scene 18: STOP arrives between decision and dispatch; nothing is sold, one confirmation goes out."""

from segue.simulation.cast import people
from segue.simulation.happening import Fault, Happening, submits
from segue.simulation.scene import Findings, Scene, Twin, World
from segue.simulation.telling import OPTED_OUT, instant, local, looked_at_prices, shown, wrote
from segue.simulation.trail import Sent

_STOP = "Unsubscribe me, please. No more e-mails."


def _events(*, change: bool) -> list[Happening]:
    frauke = people()["frauke"]
    stops = submits([wrote(frauke, _STOP, "2026-11-03 10:07"), wrote(frauke, "STOP", "2026-11-03 10:40")])
    return [
        Fault(local("2026-11-03 10:01", frauke.zone), "email", "fail", times=1, seconds=900.0),
        *submits(looked_at_prices(frauke, "2026-11-03", "10:02")),
        *([] if change else stops),
    ]


def _sends(world: World) -> tuple[list[Sent], list[Sent]]:
    """Commercial messages and confirmations since the offer was decided."""
    frauke = people()["frauke"]
    sends = world.trail.sends(frauke, since=instant("2026-11-03 10:00", frauke.zone))
    sold = [sent for sent in sends if sent.effect.purpose == "commercial"]
    return sold, [sent for sent in sends if sent.effect.action == "confirm_stop"]


def _observe(world: World) -> str:
    frauke = people()["frauke"]
    day = instant("2026-11-04 00:00", frauke.zone)
    sold, confirmed = _sends(world)
    return f"{len([s for s in sold if s.at < day])} offers and {len(confirmed)} confirmations that day"


def _judge(world: World) -> Findings:
    frauke, found, trail = people()["frauke"], Findings(), world.trail
    offers = [e for e in trail.asked(frauke) if e.purpose == "commercial"]
    found.expect(
        offers and trail.attempts.get(offers[0].id, [])[0].state == "retry",
        f"an offer was decided at {shown(offers[0].not_before, frauke.zone)}; the mail server was down"
        if offers
        else "",
        "no offer was under way",
    )
    found.expect(
        offers and trail.state(offers[0]) == "cancelled",
        "the check at dispatch saw the opt-out and cancelled it",
        f"the offer ended as {trail.state(offers[0]) if offers else 'nothing'}",
    )
    spoke = {
        m.rule
        for d in trail.of(frauke)
        if d.question == "refused"
        for i in d.considered
        for m in i.verdict.matches
    }
    found.expect(
        OPTED_OUT in spoke,
        f"the rule that spoke is {OPTED_OUT}",
        f"{sorted(spoke) or 'no rule'} spoke at the check",
    )
    sold, confirmed = _sends(world)
    found.expect(not sold, "nothing commercial has been sent since", f"{len(sold)} offers went out")
    found.expect(
        len(confirmed) == 1,
        f"two STOPs got one confirmation, at {shown(confirmed[0].at, frauke.zone)}" if confirmed else "",
        f"{len(confirmed)} confirmations went out",
    )
    return found


def scene() -> Scene:
    """The scene."""
    return Scene(
        number=18,
        name="STOP between decision and dispatch",
        starred=True,
        accounts=("baltic",),
        events=_events,
        judge=_judge,
        twin=Twin(
            change="Frauke does not write STOP",
            expected="1 offers and 0 confirmations that day",
            observe=_observe,
        ),
    )
