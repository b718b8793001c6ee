"""Scene 8: the chat and a WhatsApp number nobody knows become one person by a code, which works once."""

from collections.abc import Iterator

from segue.core.records.events import Stepped
from segue.simulation.cast import people
from segue.simulation.happening import Chat, CodeBack, Happening, Submit
from segue.simulation.scene import Findings, Scene, Twin, World
from segue.simulation.telling import local, texted

_OWN, _FRIENDS = "+447911123457", "+447911123464"
"""Her own phone, which no system of record knows, and the phone she forwards the link to."""

_ASKED = "Where do I find my last invoice?"
_MOVES = "Hello! Could we move this to WhatsApp please?"


def _events(*, change: bool) -> list[Happening]:
    ian = people()["ian"]

    def happens(clock: str, number: str) -> Submit:
        signal = texted(number, _ASKED, f"2026-10-13 {clock}", ian.zone)
        return Submit(signal.occurred_at, (signal,))

    brought = "12:20" if change else "10:20"
    return [
        happens("10:00", _OWN),
        Chat(local("2026-10-13 10:10", ian.zone), "ian", _MOVES),
        CodeBack(local(f"2026-10-13 {brought}", ian.zone), "ian", _OWN),
        happens("12:30", _OWN),
        CodeBack(local("2026-10-13 12:40", ian.zone), "ian", _FRIENDS),
    ]


def _steps(world: World, number: str) -> list[Stepped]:
    """What followed from each message of a number, in order."""
    trail = world.trail
    mine = [s for s in trail.signals.values() if s.identifiers == (f"phone:{number}",)]
    return [trail.steps[signal.id] for signal in sorted(mine, key=lambda signal: signal.received_at)]


def _actions(world: World, number: str) -> list[str]:
    return [step.decision.action for step in _steps(world, number) if step.decision is not None]


def _states(world: World, number: str) -> list[str]:
    shakes = (step.links.handshake for step in _steps(world, number))
    return [shake.state for shake in shakes if shake is not None]


def _observe(world: World) -> str:
    state = next(iter(_states(world, _OWN)), "nothing")
    return f"the code from her own phone: {state}"


def _before(world: World) -> Iterator[str]:
    """Every text that went to her number before it was known whose it is."""
    steps = _steps(world, _OWN)
    for step in steps[:1]:
        yield from (str(effect.arguments.get("text", "")) for effect in step.effects)


def _judge(world: World) -> Findings:
    found, ian = Findings(), people()["ian"]
    steps, actions = _steps(world, _OWN), _actions(world, _OWN)
    found.expect(
        actions[:1] == ["ask_to_link"],
        "a number nobody knows that asks for an invoice is told how to get a code",
        f"the unknown number was answered by {actions[:1]}",
    )
    personal = (ian.name.split()[0], ian.account.name, ian.account.plan, ian.account.owner)
    said = [word for text in _before(world) for word in personal if word in text]
    found.expect(
        not said, "before the code it was told nothing of the person or the account", f"it was told {said}"
    )
    own = world.trail.profiles(ian)
    found.expect(
        _states(world, _OWN) == ["joined"] and steps[-1].person_id in {_person(world, p) for p in own},
        "the code from the chat made the number hers: one person from then on",
        f"the code led to {_states(world, _OWN)}",
    )
    found.expect(
        actions[1:] == ["confirm_link", "answer_question"],
        "she was told so, and the same question is answered now",
        f"afterwards came {actions[1:]}",
    )
    friends = _steps(world, _FRIENDS)
    found.expect(
        _states(world, _FRIENDS) == ["used"] and _actions(world, _FRIENDS) == ["refuse_link"],
        "the forwarded link from another phone was refused, recorded, and its sender told",
        f"the other phone: {_states(world, _FRIENDS)}, {_actions(world, _FRIENDS)}",
    )
    found.expect(
        len({step.person_id for step in friends} & {steps[-1].person_id}) == 0,
        "the other phone stayed somebody else",
        "the other phone became hers",
    )
    return found


def _person(world: World, profile_id: str) -> str:
    """Whose a profile was at the end."""
    steps = [step for step in world.trail.steps.values() if step.profile_id == profile_id]
    return max(steps, key=lambda step: step.now).person_id if steps else ""


def scene() -> Scene:
    """The scene."""
    return Scene(
        number=8,
        name="one person by a linking code",
        accounts=("pennine",),
        events=_events,
        judge=_judge,
        twin=Twin(
            change="she sends the code two hours later",
            expected="the code from her own phone: expired",
            observe=_observe,
        ),
    )
