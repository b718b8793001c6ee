"""Compiles policies and plays, with every name they refer to checked."""

import re
from collections.abc import Iterable
from typing import Any, Final, Literal, NamedTuple

from segue import policy
from segue.core.expr import Compiled, Type
from segue.core.expr.nodes import Comparison, Fact, Junction, Node
from segue.core.expr.nodes import Literal as Constant
from segue.core.records.playbook import Listener, Play, Policy, State
from segue.core.records.signals import Kind
from segue.core.units import PPM
from segue.perception import OPT_OUT, OUT_OF_OFFICE
from segue.playbook.authored import ListenPart, PlayEntry, PolicyEntry, StatePart
from segue.playbook.compiler import Compiler
from segue.playbook.problems import nearest
from segue.playbook.sections import Entry, Written

NO_ACTION: Final = "no_action"
ANY: Final = "any"
BUILT_IN: Final = frozenset({OPT_OUT, OUT_OF_OFFICE})
"""Intents that perception knows without a playbook."""

_CHANNELS: Final = ("email", "sms", "whatsapp", "chat")
_MESSAGE_CHANNELS: Final = (*_CHANNELS, "call", "meeting", "form", ANY)
_FACT_NAME: Final = re.compile(r"[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*")
_TRIGGERS: Final[tuple[Literal["signal", "detector", "intent", "message"], ...]] = (
    "signal", "detector", "intent", "message",
)  # fmt: skip


def policies(written: Written, compiler: Compiler) -> tuple[Policy, ...]:
    """Compile `policies/`, in order of file and place."""
    found = []
    for entry in written.policies.entries:
        form = entry.form
        _needs(entry, compiler)
        _settable(entry, written, compiler)
        holds_back = form.then != "transform"
        found.append(
            Policy(
                name=form.policy,
                when=compiler.expression(entry, ("when",), form.when, may_be_private=holds_back),
                then=form.then,
                why=form.why,
                source=form.source,
                until=compiler.optional(entry, ("until",), form.until, Type.INSTANT),
                set=tuple(form.set.items()),
                hold_for_s=form.hold,
                at=frozenset(form.at),
                mandatory=form.mandatory,
            )
        )
    _refuse_cycles(written.policies.entries, found, compiler)
    return tuple(found)


def _needs(entry: Entry[PolicyEntry], compiler: Compiler) -> None:
    """`until` belongs to `defer`, `set` to `transform`, and both need theirs."""
    for key, then in (("until", "defer"), ("set", "transform")):
        if bool(getattr(entry.form, key)) is not (entry.form.then == then):
            missing = entry.form.then == then
            message = f"`then: {then}` needs `{key}`" if missing else f"`{key}` goes with `then: {then}` only"
            compiler.wrong(entry, ("then",) if missing else (key,), message)


def _settable(entry: Entry[PolicyEntry], written: Written, compiler: Compiler) -> None:
    """What a transform sets exists: a field of an action, and a fact or a name of that kind."""
    pools: dict[str, Iterable[str]] = {
        "channel": (*_CHANNELS, "phone"),
        "sender": written.senders.names,
        "offer": written.offers.names,
    }
    for key, value in entry.form.set.items():
        if not policy.settable(key):
            hint = nearest(key, (*pools, "at")) or "set channel, sender, offer, at or `arguments.NAME`"
            compiler.wrong(entry, ("set", key), f"a transform may not set `{key}`", hint)
        elif _FACT_NAME.fullmatch(value):
            compiler.known(entry, ("set", key), "fact", value, compiler.schema.facts)
            compiler.public(entry, ("set", key), (value,))
        elif key in pools:
            compiler.known(entry, ("set", key), key, value, pools[key])


class _Move(NamedTuple):
    """One transform as an edge: `part` goes from one value to another."""

    part: str
    source: str
    target: str


def _refuse_cycles(
    entries: Iterable[Entry[PolicyEntry]], policies_: list[Policy], compiler: Compiler
) -> None:
    """Transforms that undo each other would never come to rest."""
    moves: dict[_Move, Entry[PolicyEntry]] = {}
    for entry, rule in zip(entries, policies_, strict=True):
        for part, target in rule.set:
            for source in _equals(rule.when.tree, f"action.{part}"):
                move = _Move(part, source, target)
                way = _way(target, source, part, moves)
                if way is not None:
                    told = " -> ".join(f"`{value}`" for value in (source, *way))
                    hint = "let one of the policies exclude the other's case"
                    compiler.wrong(
                        entry, ("set", part), f"transforms of `{part}` go in a circle: {told}", hint
                    )
                moves[move] = entry


def _equals(node: Node, fact: str) -> list[str]:
    """Literals that a fact must equal for a condition to hold."""
    if isinstance(node, Junction) and node.op == "and":
        return [value for operand in node.operands for value in _equals(operand, fact)]
    match node:
        case Comparison(ops=("==",), operands=(Fact(decl=decl), Constant(value=str(value)))) if (
            decl.name == fact
        ):
            return [value]
        case Comparison(ops=("==",), operands=(Constant(value=str(value)), Fact(decl=decl))) if (
            decl.name == fact
        ):
            return [value]
        case _:
            return []


def _way(start: str, goal: str, part: str, moves: Iterable[_Move]) -> tuple[str, ...] | None:
    """Values on a way from `start` to `goal` along the moves of one part."""
    frontier: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while frontier:
        way: tuple[str, ...] = frontier.pop()
        if way[-1] == goal:
            return way
        for move in moves:
            if move.part == part and move.source == way[-1] and move.target not in seen:
                seen.add(move.target)
                frontier.append((*way, move.target))
    return None


def plays(written: Written, compiler: Compiler) -> dict[str, Play]:
    """Compile `plays/`."""
    found = {}
    for entry in written.plays.entries:
        form = entry.form
        compiler.known(entry, ("goal", "outcome"), "outcome", form.goal.outcome, written.outcomes.names)
        for index, action in enumerate(form.actions):
            pool = written.actions.names | {NO_ACTION}
            compiler.known(entry, ("actions", index), "action", action, pool)
        found[entry.name] = Play(
            name=form.play,
            scope=form.scope,
            outcome=form.goal.outcome,
            value=compiler.expression(entry, ("goal", "value"), form.goal.value, Type.MONEY),
            by=compiler.optional(entry, ("goal", "by"), form.goal.by, Type.INSTANT),
            states=_states(entry, compiler),
            listen=tuple(
                _listener(entry, index, part, written, compiler) for index, part in enumerate(form.listen)
            ),
            audience=compiler.expression(entry, ("audience",), form.audience),
            actions=tuple(form.actions),
            autonomy=form.autonomy,
            service=form.service,
            look_again_s=form.look_again,
        )
    return found


def _states(entry: Entry[PlayEntry], compiler: Compiler) -> tuple[State, ...]:
    """States in order; without a stated chance they are spread evenly (assumed)."""
    authored = entry.form.states
    found: list[State] = []
    for index, (name, part) in enumerate(authored.items()):
        if isinstance(part, StatePart):
            when = compiler.expression(entry, ("states", name, "when"), part.when)
            chance = part.chance
        else:
            text = str(part).lower() if isinstance(part, bool) else part
            when = compiler.expression(entry, ("states", name), text)
            chance = (index + 1) * PPM // (len(authored) + 1)
        if found and chance < found[-1].chance_ppm:
            compiler.wrong(entry, ("states", name), f"state `{name}` has less chance than the one before it")
        found.append(State(name, when, chance))
    return tuple(found)


def _listener(
    entry: Entry[PlayEntry], index: int, part: ListenPart, written: Written, compiler: Compiler
) -> Listener:
    here = ("listen", index)
    named = {trigger: getattr(part, trigger) for trigger in _TRIGGERS if getattr(part, trigger) is not None}
    if len(named) != 1:
        compiler.wrong(
            entry, here, "a line of `listen` names exactly one of signal, detector, intent, message"
        )
        return Listener("signal", frozenset(), 0)
    ((trigger, value),) = named.items()
    pools: dict[str, Any] = {
        "signal": [kind.value for kind in Kind],
        "detector": written.detectors.names,
        "intent": written.intents.names | BUILT_IN,
        "message": _MESSAGE_CHANNELS,
    }
    names = [value] if isinstance(value, str) else value
    kind = {"signal": "signal kind", "message": "message channel"}.get(trigger, trigger)
    for name in names:
        compiler.known(entry, (*here, trigger), kind, name, pools[trigger])
    when: Compiled | None = compiler.optional(entry, (*here, "when"), part.when)
    return Listener(trigger, frozenset(names), part.max_age, when)
