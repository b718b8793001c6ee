"""Scene 4: of two questions in one SMS the known one is answered, the other goes to a human by name."""

from segue.core.records.effects import Effect
from segue.simulation.cast import people
from segue.simulation.happening import Happening, submits
from segue.simulation.scene import Findings, Scene, Twin, World
from segue.simulation.telling import instant, wrote
from segue.simulation.trail import Sent

_ASKED = "2026-10-20"
_KNOWN = "What does the pro plan cost"
_UNKNOWN = "can the planner print shelf labels in Welsh"
_OTHER = "where can I download an invoice"
_PRICES = "billed per seat and month or year"


def _events(*, change: bool) -> list[Happening]:
    gemma = people()["gemma"]
    text = f"Hi! {_KNOWN}, and {_OTHER if change else _UNKNOWN}?"
    return submits([wrote(gemma, text, f"{_ASKED} 11:15", channel="sms")])


def _sent(world: World) -> list[Sent]:
    gemma = people()["gemma"]
    since, until = (instant(f"2026-10-{day} 00:00", gemma.zone) for day in (20, 21))
    return [sent for sent in world.trail.sends(gemma, since=since) if sent.at < until]


def _handed(world: World) -> list[Effect]:
    gemma = people()["gemma"]
    since, until = (instant(f"2026-10-{day} 00:00", gemma.zone) for day in (20, 21))
    asked = world.trail.asked(gemma)
    return [e for e in asked if e.verb == "hand_over" and since <= e.not_before < until]


def _observe(world: World) -> str:
    return f"{len(_sent(world))} answer by SMS, {len(_handed(world))} questions handed over"


def _judge(world: World) -> Findings:
    found = Findings()
    sent, handed = _sent(world), _handed(world)
    words = [str(one.effect.arguments.get("text", "")) for one in sent]
    found.expect(
        len(sent) == 1 and sent[0].effect.channel == "sms" and _PRICES in words[0],
        "the question about the price got the approved answer by SMS, word for word",
        f"by SMS went {words}",
    )
    found.expect(
        words and "Welsh" not in words[0],
        "nothing was said about what no approved answer covers",
        "the answer speaks of what nobody approved",
    )
    named = [str(effect.arguments.get("question", "")) for effect in handed]
    found.expect(
        named == [_UNKNOWN] and world.trail.state(handed[0]) == "delivered",
        f"decision {handed[0].decision_id} handed a human the other one: `{_UNKNOWN}`" if handed else "",
        f"handed over were {named}",
    )
    return found


def scene() -> Scene:
    """The scene."""
    return Scene(
        number=4,
        name="a two-part question by SMS",
        accounts=("pennine",),
        events=_events,
        judge=_judge,
        twin=Twin(
            change="the second question is one that an approved answer fits",
            expected="1 answer by SMS, 0 questions handed over",
            observe=_observe,
        ),
    )
