"""Scene 7: what begins in the web chat goes on by SMS, and nobody asks for what was said already."""

import re
from collections.abc import Iterator

from segue.core.records.effects import Effect
from segue.simulation.cast import people
from segue.simulation.happening import Chat, Happening, submits
from segue.simulation.scene import Findings, Scene, Twin, World
from segue.simulation.telling import instant, local, wrote

_TOLD = "Hello! We are 40 people and plan in spreadsheets today. How much does the pro plan cost?"
_BY_SMS = "On the train now. Where is our data stored?"
_HUMAN = "Thanks. Can I talk to a human about the move, please?"
_GIVEN = ("40 people", "spreadsheets")
_ASKS = re.compile(
    r"(how many|how big|team size|what (tool|do you use)|your (name|e-mail|email|phone)|who are you)",
    re.IGNORECASE,
)
_OWN_WORDS = "in "
"""Lines of a brief that begin so are the customer's own words."""


def _events(*, change: bool) -> list[Happening]:
    priya = people()["priya"]
    return [
        Chat(local("2026-10-14 11:00", priya.zone), "priya", _TOLD, vouched=not change),
        *submits(
            [
                wrote(priya, _BY_SMS, "2026-10-14 12:30", channel="sms"),
                wrote(priya, _HUMAN, "2026-10-14 12:50", channel="sms"),
            ]
        ),
    ]


def _briefs(world: World) -> list[str]:
    asked = world.trail.asked(people()["priya"])
    return [str(e.arguments.get("brief", "")) for e in asked if e.verb == "hand_over"]


def _holds_the_chat(world: World) -> bool:
    return any(all(given in brief for given in _GIVEN) for brief in _briefs(world))


def _observe(world: World) -> str:
    held = "what was said" if _holds_the_chat(world) else "nothing of what was said"
    return f"the brief holds {held} in the chat"


def _hers(world: World) -> set[str]:
    """Every profile that the run knew to be hers, the visitor's included."""
    own = world.trail.profiles(people()["priya"])
    persons = {step.person_id for step in world.trail.steps.values() if step.profile_id in own}
    return {step.profile_id for step in world.trail.steps.values() if step.person_id in persons}


def _sends(world: World) -> list[Effect]:
    """What went out to her in the two days, in order of time."""
    zone, mine = people()["priya"].zone, _hers(world)
    since, until = instant("2026-10-14 00:00", zone), instant("2026-10-16 00:00", zone)
    sent = [item for item in world.trail.sent_since(0) if since <= item.at < until]
    return [item.effect for item in sent if item.effect.profile_id in mine and item.effect.channel]


def _outbound(world: World) -> Iterator[str]:
    """Every text that went to her, and what colleagues were told about her, her own words left out."""
    for effect in _sends(world):
        yield str(effect.arguments.get("text", ""))
    for brief in _briefs(world):
        yield "\n".join(line for line in brief.splitlines() if not line.startswith(_OWN_WORDS))


def _judge(world: World) -> Findings:
    found = Findings()
    channels = [effect.channel for effect in _sends(world)]
    found.expect(
        channels == ["chat", "sms"],
        "she was answered in the chat, then by SMS, each where she wrote",
        f"she was answered by {channels}",
    )
    found.expect(
        _holds_the_chat(world),
        "the brief of the hand-over, asked for by SMS, holds what she told in the chat",
        "the brief of the hand-over holds nothing of the chat",
    )
    asking = [text for text in _outbound(world) if _ASKS.search(text)]
    found.expect(
        not asking,
        "no outbound text, hand-over included, asks for what she has told",
        f"she is asked again: {asking[:1]}",
    )
    _kept(world, found)
    return found


def _kept(world: World, found: Findings) -> None:
    """What memory has of her answers besides her words."""
    mine = {f"profile:{profile}" for profile in _hers(world)}
    values = [
        str(fact.value)
        for step in world.trail.steps.values()
        for fact in step.facts
        if fact.subject in mine and fact.predicate not in {"sentiment", "mood", "mood_ppm"}
    ]
    for given in _GIVEN:
        found.expect(
            any(given.split()[0] in value for value in values),
            f"`{given}` is kept as a fact",
            f"`{given}` is kept as her words only, not as a fact",
        )


def scene() -> Scene:
    """The scene."""
    return Scene(
        number=7,
        name="web chat goes on by SMS",
        accounts=("thameside",),
        events=_events,
        judge=_judge,
        twin=Twin(
            change="the website does not vouch for her",
            expected="the brief holds nothing of what was said in the chat",
            observe=_observe,
        ),
    )
