"""Scene 6: WhatsApp is preferred over e-mail from one sentence on."""

from segue.simulation.cast import people
from segue.simulation.happening import Happening, submits
from segue.simulation.scene import Findings, Scene, Twin, World
from segue.simulation.telling import instant, looked_at_prices, shown, wrote

_WISH = "Thank you! And WhatsApp please, I rarely read e-mail in the studio."
_PLAIN = "Thank you! I am back in the studio on Monday."


def _events(*, change: bool) -> list[Happening]:
    camille = people()["camille"]
    return submits(
        [
            wrote(camille, _PLAIN if change else _WISH, "2026-10-12 11:00"),
            *looked_at_prices(camille, "2026-10-20", "11:20"),
        ]
    )


def _channels(world: World) -> list[str]:
    camille = people()["camille"]
    sends = world.trail.sends(camille, since=instant("2026-10-20 00:00", camille.zone))
    return [sent.effect.channel for sent in sends]


def _observe(world: World) -> str:
    return f"reached by {' and '.join(sorted(set(_channels(world)))) or 'nothing'}"


def _judge(world: World) -> Findings:
    camille, found = people()["camille"], Findings()
    channels = _channels(world)
    found.expect(
        channels and set(channels) == {"whatsapp"},
        f"all {len(channels)} messages after her wish went out on WhatsApp",
        f"messages went out by {channels}",
    )
    offers = [
        d for d in world.trail.of(camille) if d.mode == "act" and d.choice.candidate.channel == "whatsapp"
    ]
    found.expect(
        offers,
        f"decision {offers[0].id} of {shown(offers[0].at, camille.zone)} chose the channel" if offers else "",
        "no decision chose WhatsApp",
    )
    return found


def scene() -> Scene:
    """The scene."""
    return Scene(
        number=6,
        name="WhatsApp preferred",
        starred=True,
        accounts=("lumiere",),
        events=_events,
        judge=_judge,
        twin=Twin(
            change="Camille's message does not name WhatsApp", expected="reached by email", observe=_observe
        ),
    )
