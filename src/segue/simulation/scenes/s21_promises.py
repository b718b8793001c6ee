"""Scene 21: "I'll call Thursday" and "ask me in March" are kept; who is out of office is not touched."""

from segue.core.records.promised import Promised, promises_in
from segue.simulation.cast import Person, people
from segue.simulation.happening import Happening, submits
from segue.simulation.scene import Findings, Scene, Twin, World
from segue.simulation.telling import instant, looked_at_prices, shown, wrote
from segue.simulation.trail import Sent

_MARCH = "Thanks, but not now: our budget is fixed. Please ask me again in March."
_NOTHING = "Thanks, but not now: our budget is fixed."
_THURSDAY = "The pro plan looks good. I'll call you on Thursday."
_AWAY = "Thank you for your message. I am out of office until 16 November."
_KEPT = "ask-me-later-is-kept"
_THEIRS = "the-next-move-is-theirs"
_OUT = "out-of-office"


def _events(*, change: bool) -> list[Happening]:
    cast = people()
    uwe, etienne, paula = cast["uwe"], cast["etienne"], cast["paula"]
    return submits(
        [
            wrote(uwe, _NOTHING if change else _MARCH, "2026-10-20 10:12"),
            *looked_at_prices(uwe, "2026-11-12", "10:30"),
            *looked_at_prices(uwe, "2027-01-20", "14:30"),
            wrote(etienne, _THURSDAY, "2026-11-17 11:05"),
            *looked_at_prices(etienne, "2026-11-18", "10:20"),
            wrote(paula, _AWAY, "2026-11-02 09:01", automatic="out_of_office"),
            *looked_at_prices(paula, "2026-11-04", "11:15"),
        ]
    )


def _sold(world: World, person: Person, since: str, until: str = "2027-03-01 00:00") -> list[Sent]:
    """Commercial messages to a person between two days, of theirs."""
    at, end = (instant(day, person.zone) for day in (since, until))
    sends = world.trail.sends(person, since=at, until=end)
    return [sent for sent in sends if sent.effect.purpose == "commercial"]


def _ledger(world: World, person: Person) -> dict[str, Promised]:
    """The promises of a person by what was promised, as they stood last."""
    mine = {f"profile:{profile}" for profile in world.trail.profiles(person)}
    facts = (fact for step in world.trail.steps.values() for fact in step.facts if fact.subject in mine)
    return {one.what: one for one in promises_in(facts)}


def _spoke(world: World, person: Person, rule: str) -> bool:
    return any(
        match.rule == rule
        for decision in world.trail.of(person)
        for considered in decision.considered
        for match in considered.verdict.matches
    )


def _observe(world: World) -> str:
    sold = _sold(world, people()["uwe"], "2026-10-20 00:00")
    return f"Uwe is {'sold to' if sold else 'not sold to'} before March"


def _judge(world: World) -> Findings:
    found = Findings()
    _march(world, found)
    _thursday(world, found)
    _away(world, found)
    return found


def _march(world: World, found: Findings) -> None:
    uwe = people()["uwe"]
    asked = _ledger(world, uwe).get("ask_again")
    found.expect(
        asked and asked.state == "open" and asked.due_at == instant("2027-03-01 00:00", uwe.zone),
        f"`ask me in March` is owed until {shown(asked.due_at, uwe.zone) if asked else ''}",
        f"the ledger holds {asked or 'no such promise'}",
    )
    sold = _sold(world, uwe, "2026-10-20 00:00")
    found.expect(
        not sold and _spoke(world, uwe, _KEPT),
        f"he looked at the prices twice, and {_KEPT} kept everything back",
        f"{len(sold)} commercial messages went to him before March",
    )


def _thursday(world: World, found: Findings) -> None:
    etienne = people()["etienne"]
    call = _ledger(world, etienne).get("call")
    found.expect(
        call and call.due_at == instant("2026-11-20 00:00", etienne.zone) and call.state == "broken",
        "`I'll call you on Thursday` was due when Thursday ended; he did not call",
        f"the ledger holds {call or 'no such promise'}",
    )
    early = _sold(world, etienne, "2026-11-17 00:00", "2026-11-20 08:00")
    later = _sold(world, etienne, "2026-11-20 08:00", "2026-11-23 00:00")
    found.expect(
        not early and later and _spoke(world, etienne, _THEIRS),
        f"nobody pushed before Thursday was over; the offer came {shown(later[0].at, etienne.zone)}"
        if later
        else "",
        f"{len(early)} messages pushed before, {len(later)} came on Friday",
    )


def _away(world: World, found: Findings) -> None:
    paula = people()["paula"]
    back = instant("2026-11-16 00:00", paula.zone)
    sends = world.trail.sends(paula, since=instant("2026-11-02 00:00", paula.zone))
    found.expect(
        sends and all(sent.at >= back for sent in sends) and _spoke(world, paula, _OUT),
        f"nothing reached Paula while she was away; the first message came {shown(sends[0].at, paula.zone)}"
        if sends
        else "",
        f"messages came at {', '.join(shown(sent.at, paula.zone) for sent in sends) or 'no time at all'}",
    )


def scene() -> Scene:
    """The scene."""
    return Scene(
        number=21,
        name="promises and out-of-office dates",
        accounts=("elbtal", "lumiere", "spree"),
        events=_events,
        judge=_judge,
        twin=Twin(
            change="Uwe does not ask to be asked again in March",
            expected="Uwe is sold to before March",
            observe=_observe,
        ),
    )
