"""Scene 24: renewals in yen and in euro are ranked by what they are worth."""

from segue.core.money import MICRO, Money
from segue.core.records.effects import Approval
from segue.simulation.cast import accounts, people
from segue.simulation.happening import Answer, Happening, submits
from segue.simulation.scene import Findings, Scene, Twin, World
from segue.simulation.telling import local, wrote

_OBJECTION = "Management finds the renewal over budget this year. We can't justify it as things stand."

_OSAKA_CENT = 5_220_000
"""JPY 9,000,000 at EUR 0.0058, the rate the library holds."""


def _events(*, change: bool) -> list[Happening]:
    del change  # its twin changes two facts, no event
    kenji, valentin = people()["kenji"], people()["valentin"]
    return [
        *submits(
            [wrote(kenji, _OBJECTION, "2026-11-17 10:05"), wrote(valentin, _OBJECTION, "2026-11-17 10:15")]
        ),
        Answer(local("2026-11-18 10:00", valentin.zone), "kenji", "rep:mei"),
        Answer(local("2026-11-18 10:05", valentin.zone), "valentin", "rep:anna"),
    ]


def _drafts(world: World) -> dict[str, Approval]:
    """The first draft about each of the two, most valuable first."""
    found: dict[str, Approval] = {}
    for key in ("kenji", "valentin"):
        mine = world.trail.profiles(people()[key])
        drafts = [a for a in world.trail.approvals.values() if a.subject.removeprefix("profile:") in mine]
        if drafts:
            found[key] = min(drafts, key=lambda a: a.asked_at)
    return dict(sorted(found.items(), key=lambda item: -item[1].value_micro))


def _observe(world: World) -> str:
    return " before ".join(people()[key].account.name for key in _drafts(world))


def _judge(world: World) -> Findings:
    found, drafts = Findings(), _drafts(world)
    osaka, alpen = accounts()["osaka"], accounts()["alpen"]
    amounts = f"{Money(osaka.arr, 'JPY')} and {Money(alpen.arr, 'EUR')}"
    found.expect(
        len(drafts) == 2,  # noqa: PLR2004 - one each
        f"two renewals of {amounts} wait for approval",
        f"{len(drafts)} drafts were made",
    )
    found.expect(
        list(drafts) == ["kenji", "valentin"],
        "the approval list shows Osaka Precision first: "
        + ", ".join(f"{Money(a.value_micro // 1_000_000, 'EUR')}" for a in drafts.values()),
        f"the order is {list(drafts)}",
    )
    mine = f"account:{world.trail.account_id(osaka)}"
    goals = (goal for step in world.trail.steps.values() for goal in step.goals if goal.subject == mine)
    worth = {Money(goal.value_micro // MICRO, "EUR") for goal in goals}
    found.expect(
        Money(_OSAKA_CENT, "EUR") in worth,
        f"at the playbook's rate Osaka's renewal is worth {Money(_OSAKA_CENT, 'EUR')}, not its number of yen",
        f"the goals are worth {sorted(str(amount) for amount in worth)}",
    )
    same = {a.action for a in drafts.values()}
    found.expect(
        len(same) == 1,
        f"both drafts are the same action, {next(iter(same), None)}",
        f"the actions differ: {same}",
    )
    return found


def scene() -> Scene:
    """The scene."""
    osaka, alpen = accounts()["osaka"], accounts()["alpen"]
    return Scene(
        number=24,
        name="yen and euro",
        starred=True,
        accounts=("osaka", "alpen"),
        events=_events,
        judge=_judge,
        twin=Twin(
            change="the two amounts are swapped: JPY 4,000,000 and EUR 90,000.00",
            expected="Alpenblick Hotels before Osaka Precision",
            observe=_observe,
            facts={
                "osaka": {"arr": {"amount": alpen.arr, "currency": "JPY"}},
                "alpen": {"arr": {"amount": osaka.arr, "currency": "EUR"}},
            },
        ),
    )
