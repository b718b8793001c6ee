"""Scene 25: a German opt-out is understood, and an angry Polish message goes to a human."""

from segue.simulation.cast import people
from segue.simulation.happening import Happening, submits
from segue.simulation.scene import Findings, Scene, Twin, World
from segue.simulation.telling import OPTED_OUT, instant, looked_at_prices, wrote

_GERMAN = "Guten Tag, bitte keine Mails mehr. Danke."
_GERMAN_THANKS = "Guten Tag, vielen Dank für die schnelle Hilfe."
_POLISH = "To skandal! Trzeci raz ta sama usterka i nikt nie odpowiada. Jestem wściekły."


def _events(*, change: bool) -> list[Happening]:
    sven, piotr = people()["sven"], people()["piotr"]
    return submits(
        [
            wrote(sven, _GERMAN_THANKS if change else _GERMAN, "2026-11-25 09:15"),
            wrote(piotr, _POLISH, "2026-11-25 10:40"),
            *looked_at_prices(sven, "2026-12-08", "10:30"),
        ]
    )


def _observe(world: World) -> str:
    sven = people()["sven"]
    sends = world.trail.sends(sven, since=instant("2026-11-25 00:00", sven.zone))
    sold = [sent for sent in sends if sent.effect.purpose == "commercial"]
    return "Sven is sold to" if sold else "Sven is not sold to"


def _judge(world: World) -> Findings:
    sven, piotr, found = people()["sven"], people()["piotr"], Findings()
    sends = world.trail.sends(sven, since=instant("2026-11-25 00:00", sven.zone))
    found.expect(
        [sent.effect.action for sent in sends] == ["confirm_stop"],
        "`bitte keine Mails mehr` got one confirmation, and no e-mail since, whatever Sven Harms looked at",
        f"Sven was sent {[sent.effect.action for sent in sends]}",
    )
    barred = world.trail.of(sven, since=instant("2026-12-08 00:00", sven.zone))
    found.expect(
        barred and all(d.mode == "nothing" for d in barred),
        f"two weeks later an offer was stopped: {barred[0].because} (decision {barred[0].id})"
        if barred
        else "",
        "no offer was stopped",
    )
    rules = {match.rule for d in barred for item in d.considered for match in item.verdict.matches}
    found.expect(
        OPTED_OUT in rules,
        f"the rule that spoke is {OPTED_OUT}",
        f"{sorted(rules) or 'no rule'} spoke, not {OPTED_OUT}",
    )
    taken = [e for e in world.trail.asked(piotr) if e.verb == "hand_over"]
    found.expect(
        len(taken) == 1 and world.trail.state(taken[0]) == "delivered",
        f"Piotr Zieliński's angry message was handed to a human by decision {taken[0].decision_id}"
        if taken
        else "",
        "the Polish message was not handed over",
    )
    return found


def scene() -> Scene:
    """The scene."""
    return Scene(
        number=25,
        name="other languages",
        accounts=("hanseatic", "wistula"),
        events=_events,
        judge=_judge,
        twin=Twin(
            change="Sven says thank you instead of asking for no more e-mails",
            expected="Sven is sold to",
            observe=_observe,
        ),
    )
