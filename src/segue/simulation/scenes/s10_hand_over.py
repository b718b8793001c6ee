"""Scene 10: a serious matter goes to a human and back: one brief, silence, a reminder, a promise kept."""

from segue.core.records.promised import promises_in
from segue.core.records.signals import NewSignal
from segue.simulation.cast import people
from segue.simulation.happening import Happening, submits
from segue.simulation.scene import Findings, Scene, Twin, World
from segue.simulation.telling import did, instant, looked_at_prices, shown, wrote
from segue.simulation.trail import Sent

_THREAT = (
    "We were charged twice under contract ALP-4471, 1,240 euros each time, for 85 users. "
    "If this is not sorted out our lawyer will be in touch."
)
_MORE = "For your file: the second charge stands on invoice 2210 of 3 November."
_REP = "Hello Resi, this is Anna. I am looking into it and have asked our accountants."
_AGAIN = "Hello Resi, Anna again: the accountants have found the second charge."
_GIVEN = ("ALP-4471", "1,240", "85 users", "2210")
_BY = "rep:anna"
_DUE = "2026-11-20T17:00:00+01:00"
_SILENT = "human-in-conversation"


def _events(*, change: bool) -> list[Happening]:
    resi = people()["resi"]
    wrote_again = [_says(_AGAIN, "2026-11-17 15:00")] if change else []
    back = did(
        resi,
        "conversation.released",
        "2026-11-19 10:00",
        source="helpdesk",
        by=_BY,
        promise={"what": "reply", "due": _DUE, "words": "you hear from us by Friday evening"},
    )
    return submits(
        [
            wrote(resi, _THREAT, "2026-11-16 09:40"),
            did(resi, "conversation.claimed", "2026-11-16 10:05", source="helpdesk", by=_BY, role="support"),
            _says(_REP, "2026-11-16 10:20"),
            wrote(resi, _MORE, "2026-11-16 11:30"),
            *looked_at_prices(resi, "2026-11-16", "14:00"),
            *wrote_again,
            back,
        ]
    )


def _says(text: str, at: str) -> NewSignal:
    return did(people()["resi"], "message.sent", at, source="helpdesk", channel="email", by=_BY, text=text)


def _sends(world: World, since: str, until: str) -> list[Sent]:
    resi = people()["resi"]
    first, last = instant(since, resi.zone), instant(until, resi.zone)
    return world.trail.sends(resi, since=first, until=last)


def _reminders(world: World, until: str = "2026-11-19 10:00") -> list[Sent]:
    """What colleagues were reminded of her, in the helpdesk, before she came back."""
    resi = people()["resi"]
    mine, end = world.trail.profiles(resi), instant(until, resi.zone)
    return [
        sent
        for sent in world.trail.sent_since(0)
        if sent.effect.action == "remind_human" and sent.effect.profile_id in mine and sent.at < end
    ]


def _observe(world: World) -> str:
    return f"{len(_reminders(world))} reminders while Anna has the conversation"


def _judge(world: World) -> Findings:
    found = Findings()
    _brief(world, found)
    _silence(world, found)
    _back(world, found)
    return found


def _brief(world: World, found: Findings) -> None:
    briefs = [text for text in world.company.briefs() if _GIVEN[0] in text]
    found.expect(
        len(briefs) == 1 and all(given in briefs[0] for given in _GIVEN),
        f"one brief holds every fact she gave: {', '.join(_GIVEN)}",
        f"{len(briefs)} briefs hold {[given for given in _GIVEN if any(given in text for text in briefs)]}",
    )
    asked = [effect for effect in world.trail.asked(people()["resi"]) if effect.verb == "hand_over"]
    found.expect(
        len(asked) == 1,
        f"she was handed over once (effect {asked[0].id}); what she wrote later brought the brief up to date"
        if asked
        else "",
        f"{len(asked)} hand-overs",
    )


def _silence(world: World, found: Findings) -> None:
    resi = people()["resi"]
    sends = _sends(world, "2026-11-16 09:40", "2026-11-19 10:00")
    spoke = any(
        match.rule == _SILENT
        for decision in world.trail.of(resi, since=instant("2026-11-16 10:05", resi.zone))
        for considered in decision.considered
        for match in considered.verdict.matches
    )
    found.expect(
        not sends and spoke,
        f"Segue wrote nothing to her while Anna had the conversation, by {_SILENT}",
        f"{len(sends)} messages went to her, {_SILENT} {'spoke' if spoke else 'did not speak'}",
    )
    reminders = _reminders(world)
    found.expect(
        len(reminders) == 1 and reminders[0].at >= instant("2026-11-18 10:20", resi.zone),
        f"Anna was reminded {shown(reminders[0].at, resi.zone)}, two days after she wrote"
        if reminders
        else "",
        f"{len(reminders)} reminders",
    )


def _back(world: World, found: Findings) -> None:
    resi = people()["resi"]
    mine = {f"profile:{profile}" for profile in world.trail.profiles(resi)}
    facts = [fact for step in world.trail.steps.values() for fact in step.facts if fact.subject in mine]
    handed = [one for one in promises_in(facts) if one.handed_back]
    sends = _sends(world, "2026-11-19 10:00", "2026-11-20 17:00")
    kept = [sent for sent in sends if sent.effect.action == "keep_promise"]
    found.expect(
        handed and handed[-1].state == "kept" and len(kept) == 1,
        f"after Anna handed back, the promise was kept {shown(kept[0].at, resi.zone)}, before it was due"
        if kept
        else "",
        f"the promise is {handed[-1].state if handed else 'not on the ledger'}, {len(kept)} messages kept it",
    )


def scene() -> Scene:
    """The scene."""
    return Scene(
        number=10,
        name="a hand-over and back",
        accounts=("alpen",),
        events=_events,
        judge=_judge,
        twin=Twin(
            change="Anna writes to her once more, on the second day",
            expected="0 reminders while Anna has the conversation",
            observe=_observe,
        ),
    )
