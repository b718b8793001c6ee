"""Scene 9, renewal rescue: a usage drop at a sick account leads to one approved, personal e-mail."""

from segue.core.records.effects import Effect
from segue.simulation.cast import accounts, people
from segue.simulation.happening import Answer, Happening, submits
from segue.simulation.scene import Findings, Scene, Twin, World
from segue.simulation.telling import did, local, shown, wrote

_REPLY = "Thank you, Anna. A training session for the trading desk would be great, many thanks."


def _events(*, change: bool) -> list[Happening]:
    del change  # its twin changes a fact, no event
    jonas, birgit = people()["jonas"], people()["birgit"]
    return [
        Answer(local("2026-11-13 09:30", jonas.zone), "jonas", "rep:anna", play="renewal-rescue"),
        Answer(
            local("2026-11-20 10:00", jonas.zone), "jonas", "rep:anna", reason="their training comes first"
        ),
        Answer(local("2026-11-27 10:00", jonas.zone), "jonas", "rep:anna"),
        Answer(local("2026-12-04 10:00", jonas.zone), "jonas", "rep:anna", reason="they sign next week"),
        *submits(
            [
                wrote(jonas, _REPLY, "2026-11-18 16:20"),
                did(
                    jonas,
                    "meeting.booked",
                    "2026-11-19 10:00",
                    source="calendar",
                    meeting="NW-training-1",
                    starts_at=local("2026-11-24 14:00", jonas.zone).isoformat(),
                    title="Training for the trading desk",
                    **{"with": "anna.berger@acme.example"},
                ),
                did(jonas, "outcome.reached", "2026-12-11 11:00", source="crm", outcome="renewal_saved"),
                did(birgit, "outcome.reached", "2026-12-11 11:05", source="billing", outcome="renewal_saved"),
            ]
        ),
    ]


def _mails(world: World) -> list[Effect]:
    jonas = people()["jonas"]
    return [e for e in world.trail.asked(jonas) if e.action == "ae_personal_email"]


def _observe(world: World) -> str:
    out = [mail for mail in _mails(world) if world.trail.state(mail) == "delivered"]
    return f"{len(out)} personal e-mails of the account executive"


def _judge(world: World) -> Findings:
    found, trail = Findings(), world.trail
    nordwind, jonas = accounts()["nordwind"], people()["jonas"]
    drops = trail.fired("usage_dropped", nordwind)
    found.expect(
        drops,
        f"the drop was detected on {shown(drops[0].received_at, jonas.zone)}" if drops else "",
        "no drop was detected at Nordwind",
    )
    others = len(trail.fired("usage_dropped")) - len(drops)
    found.expect(
        others == 0,
        "neither the outage of 2 and 3 December nor the weeks Isar Optik was closed at Christmas fired",
        f"{others} other drops were reported",
    )
    mails = _mails(world)
    given = [a for a in trail.approvals.values() if a.action == "ae_personal_email" and a.status == "given"]
    mine = [a for a in given if a.effects[0].profile_id in trail.profiles(jonas)]
    text = str(mails[0].arguments.get("text", "")) if mails else ""
    found.expect(
        len(mails) == 1 and len(mine) == 1 and mails[0].offer == "training" and "Anna Berger" in text,
        f"Anna Berger's e-mail offering a training session was drafted and approved by {mine[0].by}"
        if mine
        else "",
        f"{len(mails)} e-mails were written and {len(mine)} approved",
    )
    found.expect(
        mails and trail.state(mails[0]) == "delivered" and mails[0].sender == "account_executive",
        f"it was sent by decision {mails[0].decision_id}" if mails else "",
        "it was not sent",
    )
    saved = [o for o in trail.outcomes.values() if o.name == "renewal_saved"]
    found.expect(
        len(saved) == 1 and saved[0].goal_id,
        "CRM and billing both told of the saved renewal; it counts once",
        f"the saved renewal counts {len(saved)} times",
    )
    return found


def scene() -> Scene:
    """The scene."""
    return Scene(
        number=9,
        name="renewal rescue",
        starred=True,
        accounts=("nordwind", "granite", "cascade", "isar", "sakura"),
        events=_events,
        judge=_judge,
        usage_until="2027-01-10",
        twin=Twin(
            change="the CRM says Nordwind's health is 82 instead of 44",
            expected="0 personal e-mails of the account executive",
            observe=_observe,
            facts={"nordwind": {"health": 82}},
        ),
    )
