"""Scene 19: two plays want one person, two people of one account want a concession; each gets one."""

from segue.core.records.decisions import Decision
from segue.core.records.effects import Approval
from segue.simulation.cast import people
from segue.simulation.happening import Answer, Happening, submits
from segue.simulation.scene import Findings, Scene, Twin, World
from segue.simulation.telling import instant, local, wrote
from segue.simulation.trail import dropped

_BOTH = (
    "We would like to see a demo of the planning module, and we want to upgrade to the pro plan if it fits."
)
_CANCEL = "We want to cancel our contract at the end of the term, it has become too expensive for us."
_AT = "2026-11-24 09:30"


def _events(*, change: bool) -> list[Happening]:
    del change  # its twin changes who is where
    hugo, fiona, alasdair = (people()[key] for key in ("hugo", "fiona", "alasdair"))
    return [
        *submits([wrote(hugo, _BOTH, "2026-10-27 10:00")]),
        *submits([wrote(fiona, _CANCEL, _AT), wrote(alasdair, _CANCEL, _AT)]),
        Answer(local("2026-11-24 11:00", fiona.zone), "fiona", "rep:tom"),
        Answer(
            local("2026-11-24 11:01", fiona.zone),
            "alasdair",
            "rep:tom",
            reason="Fiona has our offer; one voice to the account",
        ),
    ]


def _concessions(world: World) -> list[Approval]:
    mine = world.trail.profiles(people()["fiona"]) | world.trail.profiles(people()["alasdair"])
    return [
        approval
        for approval in world.trail.approvals.values()
        if approval.effects[0].offer == "discount_10" and approval.effects[0].profile_id in mine
    ]


def _answer_to(world: World, key: str) -> Decision | None:
    at = instant(_AT, people()[key].zone)
    found = world.trail.of(people()[key], since=at, until=at + 60_000_000)
    return next((d for d in found if d.play == "save-cancel"), None)


def _observe(world: World) -> str:
    return f"{len(_concessions(world))} concessions drafted"


def _judge(world: World) -> Findings:
    hugo, found = people()["hugo"], Findings()
    day = instant("2026-10-27 00:00", hugo.zone)
    sends = world.trail.sends(hugo, since=day, until=day + 86_400_000_000)
    asked = next((d for d in world.trail.of(hugo, since=day) if d.mode == "act"), None)
    plays = {item.candidate.play for item in asked.considered if item.candidate.goal_id} if asked else set()
    found.expect(
        asked and len(plays) > 1 and len(sends) == 1,
        f"{' and '.join(sorted(plays))} wanted Hugo Lambert; one message went out ({asked and asked.action})",
        f"{len(plays)} plays wanted him and {len(sends)} messages went out",
    )
    best = max((i.score.total for i in asked.considered if i.score), default=0) if asked else 0
    found.expect(
        asked and asked.choice.score and asked.choice.score.total == best,
        f"it was the most valuable one: {asked and asked.because} (decision {asked and asked.id})",
        "it was not the most valuable one",
    )
    first, second = _answer_to(world, "fiona"), _answer_to(world, "alasdair")
    found.expect(
        len(_concessions(world)) == 1,
        "CFO and administrator wrote in the same second; one concession was drafted",
        f"{len(_concessions(world))} concessions were drafted",
    )
    drop = dropped(second, "offer_discount") if second else None
    found.expect(
        first and drop and first.id in drop.because,
        f"the second receipt ({second and second.id}) says: {drop and drop.because}",
        "the second receipt does not name the first decision",
    )
    return found


def scene() -> Scene:
    """The scene."""
    return Scene(
        number=19,
        name="one touch, one concession",
        starred=True,
        accounts=("vosges", "caledonia", "cascade"),
        events=_events,
        judge=_judge,
        twin=Twin(
            change="the CRM lists Alasdair Reid at Cascade Software instead of Caledonia Insurance",
            expected="2 concessions drafted",
            observe=_observe,
            moves={"alasdair": "cascade"},
        ),
    )
