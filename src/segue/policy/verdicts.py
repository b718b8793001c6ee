"""The verdict on one candidate: every rule that matches, and the transforms taken to a fixed point."""

import re
from collections.abc import Callable, Iterable
from typing import Any, Literal, TypeAlias

import msgspec

from segue.core.errors import PlaybookError
from segue.core.expr import Lookup, Value, matches_permitting, matches_restricting
from segue.core.records.decisions import Candidate, Match, Verdict
from segue.core.records.playbook import Policy
from segue.core.units import MINUTE, SECOND, Instant

Check: TypeAlias = Literal["candidate", "draft", "dispatch"]
Bind: TypeAlias = Callable[[Candidate], Lookup]
"""Makes the facts of a candidate, with `action.*`, `consent.*` and `window.*` speaking of it."""

ROUNDS = 4
"""How often transforms are applied and checked again before their rules are called a loop."""

LOOP_RULE = "transform-loop"
_PLAIN = frozenset({"channel", "sender", "at", "offer"})
_ARGUMENT = "arguments."
_FACT_NAME = re.compile(r"[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*")


def check(
    candidate: Candidate, policies: Iterable[Policy], bind: Bind, at: Check, now: Instant
) -> tuple[Candidate, Verdict]:
    """Hear every policy that takes part in a check, and change the candidate as transforms say.

    A rule that restricts (`forbid`, `escalate`, `approve`, `defer`) also speaks where its condition is
    unknown, and its match names the missing facts; a transform does not. All matches are returned. A
    deferral whose end is unknown forbids.

    Args:
        candidate: What may be done.
        policies: The playbook's rules, in its order.
        bind: Facts by name for a candidate.
        at: Which check this is: of the candidate, of the written draft, or at dispatch.
        now: The step's now, or the clock's instant at dispatch.

    Returns:
        The candidate after all transforms, and the verdict on it.
    """
    taking_part = [policy for policy in policies if at in policy.at]
    transformed: dict[str, Match] = {}
    for _ in range(ROUNDS):
        env = bind(candidate)
        values = [policy.when.evaluate(env) for policy in taking_part]
        spoken = [p for p, value in zip(taking_part, values, strict=True) if _speaks(p, value)]
        changed = candidate
        for policy in spoken:
            if policy.then == "transform":
                changed = _transformed(policy, changed, env)
                transformed[policy.name] = _match(policy, env)
        if changed == candidate:
            return candidate, _verdict(spoken, transformed, env, now)
        candidate = changed
    verdict = _verdict(spoken, transformed, env, now)
    loop = Match(LOOP_RULE, "forbid", f"transforms still change the action after {ROUNDS} rounds")
    return candidate, msgspec.structs.replace(verdict, matches=(*verdict.matches, loop), hold_until=None)


def settable(field: str) -> bool:
    """Whether a transform may set a field: `channel`, `sender`, `at`, `offer` or `arguments.NAME`.

    >>> settable("arguments.footer"), settable("profile_id")
    (True, False)
    """
    return field in _PLAIN or (field.startswith(_ARGUMENT) and field != _ARGUMENT)


def _speaks(policy: Policy, value: Value | None) -> bool:
    return matches_permitting(value) if policy.then == "transform" else matches_restricting(value)


def _match(policy: Policy, env: Lookup) -> Match:
    unknown = policy.when.explain(env)
    if policy.then != "defer":
        return Match(policy.name, policy.then, policy.why, unknown)
    until = policy.until(env) if policy.until is not None else None
    if isinstance(until, int):
        return Match(policy.name, "defer", policy.why, unknown, Instant(until))
    missing = policy.until.explain(env) if policy.until is not None else ()
    why = f"{policy.why} (until when is not known)"
    return Match(policy.name, "forbid", why, tuple(sorted({*unknown, *missing})))


def _verdict(spoken: list[Policy], transformed: dict[str, Match], env: Lookup, now: Instant) -> Verdict:
    matches = [_match(policy, env) for policy in spoken if policy.then != "transform"]
    ends = [match.until for match in matches if match.until is not None]
    # A deferral that ends in the past would be taken up again at once, for ever.
    defer_until = Instant(max(*ends, now + MINUTE)) if ends else None
    holds = {policy.name: policy.hold_for_s for policy in spoken if policy.then != "transform"}
    no = [holds[match.rule] for match in matches if match.then == "forbid"]
    hold_until = Instant(now + min(no) * SECOND) if no and all(no) else None
    return Verdict((*transformed.values(), *matches), defer_until, hold_until)


def _transformed(policy: Policy, candidate: Candidate, env: Lookup) -> Candidate:
    """The candidate with the fields a transform sets; what it sets to an unknown fact stays."""
    changes: dict[str, Any] = {}
    arguments = dict(candidate.arguments)
    for field, text in policy.set:
        if not settable(field):
            raise PlaybookError(f"policy `{policy.name}`: a transform may not set `{field}`")
        value = _value(text, env)
        if field.startswith(_ARGUMENT) and value is not None:
            arguments[field.removeprefix(_ARGUMENT)] = value
        elif isinstance(value, int if field == "at" else str):
            changes[field] = value
    return msgspec.structs.replace(candidate, arguments=arguments, **changes)


def _value(text: str, env: Lookup) -> Value | None:
    """A fact where the text reads like a fact's name, else the text itself, without quotes around it."""
    if _FACT_NAME.fullmatch(text):
        value = env(text)
        return list(value) if isinstance(value, tuple | frozenset) else value
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
