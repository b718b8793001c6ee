"""Scene 13: confusion in the note of an onboarding session is remembered and changes the next step."""

from segue.core.records.decisions import Decision
from segue.simulation.cast import accounts, people
from segue.simulation.happening import Happening, submits
from segue.simulation.scene import Findings, Scene, Twin, World
from segue.simulation.telling import did, instant, told

_CONFUSED = "To be honest I'm lost. I don't understand how the approval steps work, it's all a bit confusing."
_CLEAR = "That was very clear, thank you. We will set up the approval steps ourselves."
_REP = "Don't worry, many people are confused by the approval steps at first."
_SINCE = "2026-10-21 00:00"
_UNTIL = "2026-10-24 00:00"


def _events(*, change: bool) -> list[Happening]:
    torben, baltic = people()["torben"], accounts()["baltic"]
    turns = [
        {"speaker": "rep:anna", "text": _REP},
        {"speaker": "customer", "text": _CLEAR if change else _CONFUSED},
    ]
    noted = did(
        torben, "meeting.noted", "2026-10-21 11:30", source="meetings", thread="kick-off", turns=turns
    )
    return submits(
        [
            told(baltic, "2026-10-19 09:00", stage="onboarding"),
            noted,
            told(baltic, "2026-10-26 09:00", stage="active"),
        ]
    )


def _decisions(world: World) -> list[Decision]:
    torben = people()["torben"]
    since, until = (instant(text, torben.zone) for text in (_SINCE, _UNTIL))
    return world.trail.of(torben, since=since, until=until)


def _acts(world: World) -> list[str]:
    return [decision.action for decision in _decisions(world) if decision.mode == "act"]


def _observe(world: World) -> str:
    return f"Segue does for Torben: {', '.join(_acts(world)) or 'nothing'}"


def _judge(world: World) -> Findings:
    found = Findings()
    acted = [decision for decision in _decisions(world) if decision.mode == "act"]
    found.expect(
        [decision.action for decision in acted] == ["walk_through"],
        f"after the session Torben Kruse was offered a walk-through (decision {acted[0].id})"
        if acted
        else "",
        f"after the session came {_acts(world)}",
    )
    moods = [fact.value for decision in acted for fact in decision.facts if fact.name == "person.mood"]
    found.expect(
        moods == ["confused"],
        "the decision stands on his mood as he told it in the note: confused",
        f"the decision knew the moods {moods}",
    )
    return found


def scene() -> Scene:
    """The scene."""
    return Scene(
        number=13,
        name="confusion in a meeting note",
        accounts=("baltic",),
        events=_events,
        judge=_judge,
        twin=Twin(
            change="the customer says it was clear; the colleague's words about confusion stay",
            expected="Segue does for Torben: nothing",
            observe=_observe,
        ),
    )
