"""A human corrects what is remembered, or has it forgotten: what stood there ends, and a new fact begins.

What is corrected is `verified` by whoever says so, and believed before anything claimed. What is forgotten
ends in every trust and under every profile of the person: an older signal that comes late, or again, meets
that end, so that it holds for no time.
"""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from segue.core.errors import SignalError
from segue.core.predicates import PREDICATES, TOLD, TOOL
from segue.core.records.memory import Fact, Trust
from segue.core.records.playbook import FactSource, Playbook
from segue.core.records.signals import CHANNELS
from segue.graph.bodies import Body
from segue.graph.memory import Arrival, Memory, facts
from segue.graph.systems import stored_facts

_TRUSTS: tuple[Trust, ...] = ("claimed", "verified")
_TOGETHER = dict.fromkeys(("mood", "mood_ppm", "sentiment"), ("mood", "mood_ppm", "sentiment"))
"""What is read as one and forgotten as one."""

_ELSEWHERE = {
    "consent": "take consent back by `consent.changed`, or let the customer do it on the preference page",
    "promise": "a promise is kept, broken or withdrawn; that is no correction",
}
ELSEWHERE = tuple(f"{root}." for root in _ELSEWHERE)
"""How names begin of what is set right in another way."""

_DAY_MINUTES = 1440
_SHOWN = 40
_FORMS = {
    "preference.days": (
        re.compile(r"(?!.*(.).*\1)[1-7]+"),
        "must be digits of days, Monday is 1, such as `135`",
    ),
    "preference.frequency": (
        re.compile(r"less|[1-9]\d?/(?:day|week|month|quarter|year)"),
        "must be `less` or a number of times, such as `1/month`",
    ),
}
"""Texts with a form of their own, and what to say where a value has another."""


def correctable(playbook: Playbook, of: str) -> dict[str, FactSource]:
    """What a human may set anew, by predicate, each with its type; `of` is `person` or `account`."""
    found = {
        name: FactSource(f"person.{name}", "stored", name, declared.type)
        for name, declared in PREDICATES.items()
        if of == "person" and (name in TOLD or name.startswith("preference."))
    }
    return {**found, **stored_facts(playbook, of)}


def corrected_value(playbook: Playbook, body: Body, of: str, value: object) -> object:
    """Check a corrected value, as it is stored; None for one that is to be forgotten.

    Args:
        playbook: Declares what is remembered, and rates.
        body: Names `predicate` and `qualifier`, and is where errors are located.
        of: `person` or `account`.
        value: As JSON has it, or None.

    Raises:
        SignalError: It cannot be corrected, or is of another type.
    """
    predicate, qualifier = body.text("predicate"), body.optional("qualifier")
    root = predicate.partition(".")[0]
    if root in _ELSEWHERE:
        raise body.error("predicate", f"`{predicate}` cannot be corrected here; {_ELSEWHERE[root]}")
    if problem := unknown(playbook, predicate, of, forget=value is None):
        raise body.error("predicate", problem)
    if value is None:
        return None
    source = correctable(playbook, of)[predicate]
    checked = body.fact("value", value, source, playbook.settings.rates)
    if problem := _unfit(predicate, qualifier, checked):
        raise body.error("value", problem)
    return checked


def unknown(playbook: Playbook, predicate: str, of: str, *, forget: bool) -> str:
    """Why there is nothing of that name to correct or to forget, or empty where there is."""
    known = correctable(playbook, of)
    if predicate in known or (forget and of == "person" and predicate in PREDICATES):
        return ""
    near = get_close_matches(predicate, sorted(known), n=1)
    hint = f"; did you mean `{near[0]}`?" if near else ""
    return f"`{predicate[:60]}` is nothing that can be corrected{hint}"


def _unfit(predicate: str, qualifier: str, value: object) -> str:
    channel = {"preference.channel": value, "preference.avoid_channel": qualifier}.get(predicate)
    if channel is not None and channel not in CHANNELS:
        return f"names no channel; write one of {', '.join(CHANNELS)}"
    if predicate in {"preference.not_before", "preference.not_after"} and not (
        isinstance(value, int) and 0 <= value <= _DAY_MINUTES
    ):
        return "must be minutes after midnight, from 0 to 1440"
    if value == "":
        return "is empty; forget it instead"
    return ""


def beyond(predicate: str, value: object) -> str:
    """Why no human may set such a value anew, or empty; a value that was set before is not judged again.

    >>> beyond("team_size", -5), beyond("team_size", 45)
    ('size of the team must be from 1 to 2,000,000, not `-5`', '')
    """
    form, problem = _FORMS.get(predicate, (None, ""))
    if form is not None and not (isinstance(value, str) and form.fullmatch(value)):
        return f"{problem}, not `{str(value)[:_SHOWN]}`"
    declared = PREDICATES.get(predicate)
    if declared is None:
        return ""
    size = value.get("amount") if isinstance(value, Mapping) else value
    if isinstance(value, str) and declared.type == "text" and declared.most is not None:
        return (
            ""
            if len(value) <= declared.most
            else f"{declared.title} has more than {declared.most} characters"
        )
    if not isinstance(size, int) or declared.least is None or declared.most is None:
        return ""
    if declared.least <= size <= declared.most:
        return ""
    return f"{declared.title} must be from {declared.least:,} to {declared.most:,}, not `{size}`"


def corrected(arrival: Arrival) -> Memory:
    """The facts of one correction."""
    body = arrival.body
    of = body.choice("of", ("person", "account"), "person")
    body.text("by")
    if arrival.signal.trust != "verified":
        raise SignalError("a correction is a human's to make")
    forget = body.has("forget") and body.boolean("forget")
    told = None if forget else body.required("value")
    value = corrected_value(arrival.playbook, body, of, told)
    return facts(_facts(arrival, of, body.text("predicate"), value))


def _facts(arrival: Arrival, of: str, predicate: str, value: object) -> Iterator[Fact]:
    qualifier, why = arrival.body.optional("qualifier"), arrival.body.optional("why")
    mine = f"profile:{arrival.profile_id}" if of == "person" else f"account:{arrival.account_id}"
    for name in _TOGETHER.get(predicate, (predicate,)):
        for subject in dict.fromkeys((mine, *_held(arrival, of, name, qualifier))):
            for trust in _TRUSTS:
                # Where the corrected value takes the very place, it ends by the value itself.
                if value is None or (subject, trust) != (mine, "verified") or predicate == TOOL:
                    yield arrival.fact(subject, name, None, qualifier=qualifier, trust=trust)
    if value is not None:
        which = str(value).casefold() if predicate == TOOL else qualifier
        yield arrival.fact(mine, predicate, value, qualifier=which, words=why)


def _held(arrival: Arrival, of: str, predicate: str, qualifier: str) -> tuple[str, ...]:
    """Subjects of the person, or the account, that hold such a fact now."""
    context = arrival.context
    own = (
        {f"account:{context.account_id}"}
        if of == "account"
        else {f"profile:{profile}" for profile in context.profile_ids}
    )
    return tuple(
        fact.subject
        for fact in context.facts
        if (fact.predicate, fact.qualifier) == (predicate, qualifier) and fact.subject in own
    )
