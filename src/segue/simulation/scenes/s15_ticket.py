"""Scene 15: a problem somebody writes about becomes one ticket in the helpdesk."""

from segue.simulation.cast import people
from segue.simulation.happening import Happening, submits
from segue.simulation.scene import Findings, Scene, Twin, World
from segue.simulation.telling import wrote

_PROBLEM = (
    "Hello, the stock export stopped working this morning. I'm getting an error message about a timeout."
)
_QUESTION = "Hello, how much would ten more seats cost?"


def _events(*, change: bool) -> list[Happening]:
    gemma = people()["gemma"]
    return submits(
        [wrote(gemma, _QUESTION if change else _PROBLEM, "2026-10-21 10:30", subject="Stock export")]
    )


def _observe(world: World) -> str:
    return f"{len(world.tickets(people()['gemma']))} tickets in the helpdesk"


def _judge(world: World) -> Findings:
    gemma, found = people()["gemma"], Findings()
    tickets = world.tickets(gemma)
    found.expect(
        len(tickets) == 1 and tickets[0].get("topic") == "problem",
        "the helpdesk holds one ticket of Gemma Ward's, topic problem",
        f"the helpdesk holds {len(tickets)} tickets of hers",
    )
    asked = [e for e in world.trail.asked(gemma) if e.verb == "create_ticket"]
    found.expect(
        len(asked) == 1 and world.trail.state(asked[0]) == "delivered",
        f"decision {asked[0].decision_id} asked for it and the ledger says delivered" if asked else "",
        f"{len(asked)} tickets were asked for",
    )
    return found


def scene() -> Scene:
    """The scene."""
    return Scene(
        number=15,
        name="ticket in the helpdesk",
        starred=True,
        accounts=("pennine",),
        events=_events,
        judge=_judge,
        twin=Twin(
            change="Gemma asks for a price instead of telling of a problem",
            expected="0 tickets in the helpdesk",
            observe=_observe,
        ),
    )
