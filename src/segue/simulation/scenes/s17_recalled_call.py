"""Scene 17: what a sales call promised half a year ago is recalled when the customer comes back to it."""

from segue.core.records.memory import Message
from segue.core.records.signals import NewSignal
from segue.simulation.cast import people
from segue.simulation.happening import Happening, Submit, submits
from segue.simulation.scene import Findings, Scene, Twin, World
from segue.simulation.telling import instant, local, wrote

_WHO = "alasdair"
_CALLED = "2026-05-12 15:00"
_PROMISED = (
    "Single sign-on comes with the pro plan in autumn, and for the first year it costs you nothing extra. "
    "I will see to that myself."
)
_TURNS = (
    ("rep:tom", "Thank you for your time. What has to be settled before you can roll it out?"),
    ("customer", "Our security people will not go further without single sign-on against our own directory."),
    ("rep:tom", _PROMISED),
    ("customer", "Good. The export to our warehouse can wait until next year."),
    ("rep:tom", "I will send you the notes of today."),
)
_SINCE = (
    ("2026-06-03 10:20", "Thanks for the notes, I have passed them on."),
    ("2026-06-22 09:05", "Could you send the slides of the webinar once more?"),
    ("2026-07-14 16:40", "The new dashboard looks good."),
    ("2026-08-19 11:15", "We moved the kick-off with the second site by a week."),
    ("2026-09-02 08:50", "All colleagues have their logins now, thank you."),
    ("2026-09-24 13:30", "Is there a recording of the September webinar?"),
)
_TODAY = (
    "Before we go on: the security people ask for single sign-on again, and what it costs us. "
    "Can I talk to a human about it, please?"
)


def _events(*, change: bool) -> list[Happening]:
    alasdair = people()[_WHO]
    call = NewSignal(
        source="calls",
        source_id=f"call:{_WHO}:2026-05-12",
        kind="call.transcribed",
        identifiers=(f"email:{alasdair.email}",),
        occurred_at=local(_CALLED, alasdair.zone),
        body={"turns": [{"speaker": speaker, "text": text} for speaker, text in _TURNS]},
        history=True,
    )
    mails = [
        NewSignal(
            source="inbox.email",
            source_id=f"{_WHO}:{at}",
            kind="message.received",
            identifiers=(f"email:{alasdair.email}",),
            occurred_at=local(at, alasdair.zone),
            body={"channel": "email", "text": text},
            history=True,
        )
        for at, text in _SINCE
    ]
    told = (*(() if change else (call,)), *mails)
    return [
        Submit(local("2026-11-09 07:00", alasdair.zone), told),
        *submits([wrote(alasdair, _TODAY, "2026-11-10 10:15", subject="Single sign-on")]),
    ]


def _brief(world: World) -> str:
    alasdair = people()[_WHO]
    since = instant("2026-11-10 00:00", alasdair.zone)
    asked = [e for e in world.trail.asked(alasdair) if e.verb == "hand_over" and e.not_before >= since]
    return str(asked[0].arguments.get("brief", "")) if asked else ""


def _promise(world: World) -> Message | None:
    """The turn of the call in which it was promised, as memory has it."""
    said = (message for step in world.trail.steps.values() for message in step.messages)
    return next((message for message in said if message.text == _PROMISED), None)


def _observe(world: World) -> str:
    held = "holds" if _PROMISED in _brief(world) else "lacks"
    return f"the brief {held} what was promised in the call"


def _judge(world: World) -> Findings:
    found, brief, promise = Findings(), _brief(world), _promise(world)
    found.expect(
        brief,
        "the question was handed to a human, with a brief",
        "the question was not handed over",
    )
    if not found.expect(promise, "the call was remembered turn by turn", "the call was not remembered"):
        return found
    line = next((line for line in brief.splitlines() if _PROMISED in line), "")
    id_ = promise.id if promise is not None else ""
    found.expect(
        line and id_ in line and "call" in line and "2026-05-12" in line and "rep:tom" in line,
        f"the brief cites what Tom Hughes promised half a year ago: {line[:90]}…",
        "the brief does not cite the promise with message, day, channel and speaker",
    )
    cited = {message_id for recalled in world.trail.recalled.values() for message_id in recalled}
    found.expect(
        id_ in cited,
        f"message {id_} is an input of the decision, on its receipt",
        "the receipt does not name the message",
    )
    return found


def scene() -> Scene:
    """The scene."""
    return Scene(
        number=17,
        name="a call recalled after six months",
        accounts=("caledonia",),
        events=_events,
        judge=_judge,
        twin=Twin(
            change="the transcript of the call was never told",
            expected="the brief lacks what was promised in the call",
            observe=_observe,
        ),
    )
