"""Scene 3: the same click means a demo for one, help for another, and nothing where a scanner made it."""

from segue.core.records.decisions import Decision
from segue.core.records.signals import Kind, NewSignal
from segue.simulation.cast import Person, people
from segue.simulation.happening import Happening, submits
from segue.simulation.scene import Findings, Scene, Twin, World
from segue.simulation.telling import did, instant, wrote

_EXCITED = "Wow, the new planner is amazing, we love it! Can't wait to show it to the other shops."
_ANGRY = "I am furious. There is a hidden fee on our invoice that nobody told us about."
_CLICKED = "2026-10-29"


def _events(*, change: bool) -> list[Happening]:
    ian, ines, neil = (people()[key] for key in ("ian", "ines", "neil"))
    links = ("pricing", "docs", "legal", "unsubscribe", "blog", "demo")
    scanned = [
        did(
            neil,
            "link.clicked",
            f"{_CLICKED} 11:30:0{number % 2}",
            source=f"mail.{link}",
            url=f"https://acme.example/{link}",
            after_s=number % 2,
        )
        for number, link in enumerate(links)
    ]
    return submits(
        [
            wrote(ian, _EXCITED, f"{_CLICKED} 09:50"),
            _click(ian, "10:10:00"),
            wrote(ines, _EXCITED if change else _ANGRY, f"{_CLICKED} 09:55"),
            _click(ines, "10:20:00"),
            *scanned,
        ]
    )


def _click(person: Person, at: str) -> NewSignal:
    """The link to the prices, followed ten minutes after the mail came."""
    url = "https://acme.example/pricing?utm_source=mail"
    return did(person, "link.clicked", f"{_CLICKED} {at}", source="mail.pricing", url=url, after_s=600)


def _that_day(world: World, key: str) -> list[Decision]:
    person = people()[key]
    day = instant(f"{_CLICKED} 00:00", person.zone)
    return world.trail.of(person, since=day, until=day + 86_400_000_000)


def _acts(world: World, key: str) -> list[str]:
    return [d.action for d in _that_day(world, key) if d.mode == "act"]


def _acts_on_click(world: World, key: str) -> list[str]:
    signals = world.trail.signals
    found = _that_day(world, key)
    clicked = (d for d in found if signals[d.signal_id].kind is Kind.LINK_CLICKED)
    return [d.action for d in clicked if d.mode == "act"]


def _observe(world: World) -> str:
    return f"Inès's click leads to {', '.join(_acts_on_click(world, 'ines')) or 'nothing'}"


def _judge(world: World) -> Findings:
    found = Findings()
    excited, angry = _acts_on_click(world, "ian"), _acts(world, "ines")
    found.expect(
        excited == ["offer_demo"],
        "Ian Holroyd was excited: his click on the prices led to a demo offer",
        f"Ian's click led to {excited}",
    )
    found.expect(
        angry and not set(angry) - {"hand_to_human", "create_billing_ticket"},
        f"Inès Moreau was angry about a hidden fee: she was helped ({', '.join(angry)}) and not sold to",
        f"Inès's led to {angry}",
    )
    scanned = _that_day(world, "neil")
    found.expect(
        not scanned and not world.trail.sends(people()["neil"], until=instant("2026-11-05 00:00", "UTC")),
        "the scanner that clicked six links within two seconds changed nothing",
        f"the scanner led to {[d.action for d in scanned]}",
    )
    return found


def scene() -> Scene:
    """The scene."""
    return Scene(
        number=3,
        name="the same click in another mood",
        accounts=("pennine", "vosges", "brightwater"),
        events=_events,
        judge=_judge,
        twin=Twin(
            change="Inès is as excited as Ian instead of angry",
            expected="Inès's click leads to offer_demo",
            observe=_observe,
        ),
    )
