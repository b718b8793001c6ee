"""Scene 1, the spam cannon: an open billing ticket holds back the automation tool's upgrade e-mail."""

from segue.core.records.decisions import Decision
from segue.simulation.cast import people
from segue.simulation.happening import Campaign, Happening, Submit
from segue.simulation.scene import Findings, Scene, Twin, World
from segue.simulation.telling import did, local, shown

_KEY = "upgrade-autumn:klara"
_RULE = "no-sales-while-a-billing-ticket-is-open"


def _events(*, change: bool) -> list[Happening]:
    klara = people()["klara"]
    opened = did(
        klara,
        "ticket.opened",
        "2026-10-14 10:00",
        source="helpdesk",
        ticket="HD-1041",
        topic="billing",
        subject="Charged twice for September",
        text="Hello, our card was charged twice for September. Could you have a look, please?",
    )
    solved = did(
        klara, "ticket.solved", "2026-10-15 14:30", source="helpdesk", ticket="HD-1041", topic="billing"
    )
    campaign = Campaign(
        at=local("2026-10-14 10:03", klara.zone),
        person="klara",
        key=_KEY,
        campaign="upgrade-autumn",
        subject="More routes, same team: Acme Pro",
        text="Hi Klara, teams like yours plan a third more routes with Acme Pro.",
    )
    if change:
        return [campaign]
    return [Submit(opened.occurred_at, (opened,)), campaign, Submit(solved.occurred_at, (solved,))]


def _answers(world: World) -> list[Decision]:
    klara = people()["klara"]
    return [d for d in world.trail.of(klara) if d.question == "gate"]


def _observe(world: World) -> str:
    klara = people()["klara"]
    answers = _answers(world)
    sent = world.sent_by_tool(klara, "upgrade-autumn")
    first = answers[0].mode if answers else "nothing"
    on = shown(sent[0], klara.zone) if sent else "never"
    return f"first answer {first}, upgrade e-mail out {on}"


def _judge(world: World) -> Findings:
    klara, found = people()["klara"], Findings()
    answers = _answers(world)
    first = answers[0] if answers else None
    found.expect(
        first and first.mode == "hold" and first.considered[0].verdict.rule == _RULE,
        f"three minutes after the ticket the gate said hold by `{_RULE}` (decision {first and first.id})",
        "the gate did not hold the upgrade e-mail by the billing rule",
    )
    again = [d.mode for d in answers[1:]]
    found.expect(
        len(again) > 1 and again[-1] == "allow" and set(again[:-1]) == {"hold"},
        f"the held request was rescored {len(again)} times and allowed in the end",
        f"rescoring went {again}",
    )
    sent = world.sent_by_tool(klara, "upgrade-autumn")
    solved_at = local("2026-10-15 14:30", klara.zone).timestamp() * 1_000_000
    found.expect(
        len(sent) == 1 and sent[0] > solved_at,
        f"one upgrade e-mail went out, {shown(sent[0], klara.zone)}" if sent else "",
        f"{len(sent)} upgrade e-mails went out",
    )
    return found


def scene() -> Scene:
    """The scene."""
    return Scene(
        number=1,
        name="spam cannon",
        starred=True,
        accounts=("hanseatic",),
        events=_events,
        judge=_judge,
        twin=Twin(
            change="no billing ticket is opened",
            expected="first answer allow, upgrade e-mail out Wed 14 Oct 2026 10:03",
            observe=_observe,
        ),
    )
