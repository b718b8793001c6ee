"""Scene 16: the welcome series stays with the automation tool, and its e-mails count against caps."""

from segue.simulation.cast import accounts, members, people
from segue.simulation.happening import Campaign, Happening, submits
from segue.simulation.scene import Findings, Scene, Twin, World
from segue.simulation.telling import instant, local, looked_at_prices
from segue.simulation.trail import dropped

_SERIES = (
    ("2026-11-16 09:30", "Welcome to Nimbus", "Hi {}, here is how to invite your team."),
    ("2026-11-18 09:30", "Your first dashboard", "Hi {}, three clicks to your first dashboard."),
    ("2026-11-20 09:30", "Bring your data", "Hi {}, connect the tools you already use."),
)
_FROM, _TO = "2026-11-16 00:00", "2026-11-23 00:00"


def _events(*, change: bool) -> list[Happening]:
    rivet = accounts()["rivet"]
    looks = submits(looked_at_prices(people()["dana"], "2026-11-18", "11:05"))
    if change:
        return looks
    series: list[Happening] = [
        Campaign(
            at=local(at, rivet.zone),
            person=person.key,
            key=f"welcome-{number}:{person.key}",
            campaign="welcome",
            subject=subject,
            text=text.format(person.name.split()[0]),
        )
        for number, (at, subject, text) in enumerate(_SERIES, start=1)
        for person in members(rivet)
    ]
    return [*series, *looks]


def _own(world: World) -> int:
    rivet = accounts()["rivet"]
    since, until = instant(_FROM, rivet.zone), instant(_TO, rivet.zone)
    return sum(len(world.trail.sends(person, since=since, until=until)) for person in members(rivet))


def _observe(world: World) -> str:
    return f"{_own(world)} messages of Segue's own that week"


def _judge(world: World) -> Findings:
    rivet, dana, found = accounts()["rivet"], people()["dana"], Findings()
    mails = sum(len(world.sent_by_tool(person, "welcome")) for person in members(rivet))
    found.expect(
        mails == len(_SERIES) * len(members(rivet)),
        f"the automation tool sent all {mails} welcome e-mails through the gate",
        f"the automation tool sent {mails} welcome e-mails",
    )
    own = _own(world)
    found.expect(own == 0, "Segue sent nothing of its own to these people that week", f"Segue sent {own}")
    capped = [
        drop
        for decision in world.trail.of(dana)
        if (drop := dropped(decision, "upgrade_offer")) and drop.dropped_at == "reservation"
    ]
    found.expect(
        capped,
        f"the offer after Dana's look at the prices dropped out: {capped[0].because}" if capped else "",
        "no offer dropped out at the reservation",
    )
    return found


def scene() -> Scene:
    """The scene."""
    return Scene(
        number=16,
        name="welcome series of the automation tool",
        starred=True,
        accounts=("rivet",),
        events=_events,
        judge=_judge,
        twin=Twin(
            change="the automation tool runs no welcome series",
            expected="1 messages of Segue's own that week",
            observe=_observe,
        ),
    )
