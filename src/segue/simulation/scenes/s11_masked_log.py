"""Scene 11: personal data is masked in every line of the log."""

from segue.simulation.cast import people
from segue.simulation.happening import Happening, submits
from segue.simulation.scene import Findings, Scene, Twin, World
from segue.simulation.telling import wrote

_PLANTED = {
    "a private mobile number": "+44 7700 900461",
    "a private e-mail address": "greta.falkenrath@mailbox.example",
    "an IBAN": "DE89 3704 0044 0532 0130 00",
    "a card number": "4111 1111 1111 1111",
}
_TEXT = (
    "The invoice upload is not working for me. My number is {}, my own address {}. "
    "For the booking: our IBAN is {}, the card that was charged is {}."
).format(*_PLANTED.values())


def _events(*, change: bool) -> list[Happening]:
    del change  # its twin changes a setting, no event
    return submits([wrote(people()["greta"], _TEXT, "2026-10-13 14:05", subject="Invoice upload")])


def _log(world: World) -> str:
    return (world.home / "segue.log").read_text(encoding="utf-8")


def _found(log: str) -> list[str]:
    return [what for what, value in _PLANTED.items() if value in log or value.replace(" ", "") in log]


def _observe(world: World) -> str:
    return f"{len(_found(_log(world)))} of {len(_PLANTED)} planted values are in the log"


def _judge(world: World) -> Findings:
    found, log = Findings(), _log(world)
    planted = _found(log)
    found.expect(
        not planted,
        f"none of {', '.join(_PLANTED)} is in the {log.count(chr(10))} lines of segue.log",
        f"the log holds {', '.join(planted)}",
    )
    open_ = [p.key for p in people().values() if any(value in log for value in (p.name, p.email, p.phone))]
    found.expect(
        not open_,
        f"nor is a name, e-mail address or phone number of any of the {len(people())} people",
        f"the log holds names or addresses of {', '.join(open_)}",
    )
    found.expect(
        len(world.tickets(people()["greta"])) == 1,
        "the message itself was read and became a ticket, so there was something to mask",
        "the message led to no ticket",
    )
    return found


def scene() -> Scene:
    """The scene."""
    return Scene(
        number=11,
        name="masked log",
        starred=True,
        accounts=("brightwater",),
        events=_events,
        judge=_judge,
        twin=Twin(
            change="the setting mask_logs is off",
            expected="4 of 4 planted values are in the log",
            observe=_observe,
            settings={"mask_logs": False},
        ),
    )
