"""Scene 20: messages nobody foresaw are asked back, handed over, or left with a reason."""

from segue.core.records.decisions import Decision
from segue.simulation.cast import people
from segue.simulation.happening import Happening, submits
from segue.simulation.scene import Findings, Scene, Twin, World
from segue.simulation.telling import instant, wrote

_ODD = "Is it normal that the little owl in the corner winks at me around lunch time?"
_PRICE = "How much does the pro plan cost per seat?"
_POLISH_ANGER = "To jest skandal, od tygodnia nikt mi nie odpowiada w sprawie tej sowy!"
_SIGH = "Haha, alright, thanks."
_WROTE = (
    ("owen", "2026-11-05 15:00", "sms", _ODD),
    ("tasha", "2026-11-06 09:40", "email", _POLISH_ANGER),
    ("owen", "2026-11-06 16:10", "sms", _SIGH),
)
_REACTIONS = {
    "ask_back": "was asked back what was meant",
    "hand_to_human": "was handed to a human",
    "create_problem_ticket": "became a ticket",
    "no_action": "was left, because",
}


def _events(*, change: bool) -> list[Happening]:
    cast = people()
    signals = [
        wrote(cast[key], _PRICE if change and text is _ODD else text, at, channel=channel)
        for key, at, channel, text in _WROTE
    ]
    return submits(signals)


def _reaction(world: World, key: str, at: str) -> Decision | None:
    person = people()[key]
    moment = instant(at, person.zone)
    found = world.trail.of(person, since=moment, until=moment + 60_000_000)
    return next((d for d in found if d.question == "next_action"), None)


def _observe(world: World) -> str:
    key, at, _, _ = _WROTE[0]
    reaction = _reaction(world, key, at)
    return f"Segue's reaction: {reaction.action if reaction else 'none'}"


def _judge(world: World) -> Findings:
    found = Findings()
    for key, at, _, text in _WROTE:
        reaction = _reaction(world, key, at)
        what = _REACTIONS.get(reaction.action, "") if reaction else ""
        reason = f" {reaction.because}" if reaction and reaction.action == "no_action" else ""
        found.expect(
            reaction and what and reaction.because,
            f"`{text[:40]}...` {what}{reason} (decision {reaction and reaction.id})",
            f"`{text[:40]}...` led to {reaction.action if reaction else 'nothing'}",
        )
    return found


def scene() -> Scene:
    """The scene."""
    return Scene(
        number=20,
        name="a message nobody foresaw",
        starred=True,
        accounts=("prairie",),
        events=_events,
        judge=_judge,
        twin=Twin(
            change="Owen asks what the pro plan costs instead of about the owl",
            expected="Segue's reaction: answer_question",
            observe=_observe,
        ),
    )
