"""What happened in numbers: usage, page views, and the outcomes and harms that count."""

from difflib import get_close_matches

from segue.core.ids import derive
from segue.core.records.context import TENANT, Context
from segue.core.records.memory import Count, Fact, Goal, Outcome
from segue.core.records.playbook import OutcomeKind, Playbook
from segue.core.records.signals import INTERNAL_KINDS, Kind
from segue.core.zones import local_day
from segue.graph.memory import Arrival, Memory
from segue.graph.places import zone_name


def usage(arrival: Arrival) -> Memory:
    """Use of the product on a day, counted on the account (else the person) and on the tenant."""
    body, context = arrival.body, arrival.context
    count, metric = body.integer("count"), body.optional("metric", "usage")
    day = body.day("day") if body.has("day") else today(arrival)
    subject = f"account:{context.account_id}" if context.account_id else f"profile:{arrival.profile_id}"
    names = ("usage",) if metric == "usage" else ("usage", f"usage:{metric}")
    return Memory(counts=tuple(Count(who, name, day, count) for name in names for who in (subject, TENANT)))


def page(arrival: Arrival) -> Memory:
    """A page was looked at."""
    name, day = f"page:{arrival.body.text('path')}", today(arrival)
    return Memory(counts=tuple(Count(subject, name, day, 1) for subject in arrival.subjects))


def event(arrival: Arrival) -> Memory:
    """Something that has no kind of its own happened: counted by its name."""
    name, day = f"event:{arrival.body.text('event')}", today(arrival)
    return Memory(counts=tuple(Count(subject, name, day, 1) for subject in arrival.subjects))


def link(arrival: Arrival) -> Memory:
    """A link was followed; that it happened is counted with its kind."""
    arrival.body.text("url")
    return Memory()


def counted_kind(arrival: Arrival) -> tuple[Count, ...]:
    """One more signal of its kind, unless Segue or a machine made it, or it is counted as usage."""
    kind = arrival.signal.kind
    if kind in INTERNAL_KINDS or kind is Kind.USAGE_RECORDED or arrival.signal.automatic:
        return ()
    day = today(arrival)
    return tuple(Count(subject, f"signal:{kind}", day, 1) for subject in arrival.subjects)


def today(arrival: Arrival) -> int:
    """The calendar day on which the signal happened, where the person is."""
    return local_day(arrival.at, zone_name(arrival.context, arrival.playbook.settings))


def outcome(arrival: Arrival) -> Memory:
    """A result or harm, counted once per goal that wanted it; the fact `outcome` tells when it came."""
    body, context, playbook = arrival.body, arrival.context, arrival.playbook
    kind = _kind(arrival, body.text("outcome"))
    goal = _goal(context, playbook, kind)
    subject = goal.subject if goal else _subject(arrival, kind)
    told = body.money("value", body.required("value"), playbook.settings.rates) if body.has("value") else 0
    effect_id = body.optional("effect")
    made = Outcome(
        id=derive("outcome", kind.name, subject, goal.id if goal else arrival.signal.id),
        name=kind.name,
        subject=subject,
        at=arrival.at,
        signal_id=arrival.signal.id,
        value_micro=goal.value_micro if goal else told,
        harm=kind.harm,
        goal_id=goal.id if goal else "",
        decision_id=next((r.effect.decision_id for r in context.ledger if r.effect.id == effect_id), ""),
        profile_id=context.profile_id,
        account_id=context.account_id,
    )
    reached: Fact = arrival.fact(subject, "outcome", value=True, qualifier=kind.name)
    return Memory(facts=(reached, *_taken_back(arrival, kind)), outcomes=(made,))


def _taken_back(arrival: Arrival, kind: OutcomeKind) -> tuple[Fact, ...]:
    """Who complains about a channel does not want to be reached on it again."""
    if not (kind.harm and arrival.body.has("channel") and arrival.context.profile_id):
        return ()
    predicate = f"consent.{arrival.body.channel()}"
    return (arrival.fact(f"profile:{arrival.profile_id}", predicate, "withdrawn"),)


def _kind(arrival: Arrival, name: str) -> OutcomeKind:
    kinds = arrival.playbook.outcomes
    if name not in kinds:
        near = get_close_matches(name, sorted(kinds), n=1)
        hint = f"; did you mean `{near[0]}`?" if near else ""
        raise arrival.body.error("outcome", f"is not declared in the playbook: `{name}`{hint}")
    return kinds[name]


def _subject(arrival: Arrival, kind: OutcomeKind) -> str:
    if kind.scope == "account" and arrival.context.account_id:
        return f"account:{arrival.context.account_id}"
    return f"profile:{arrival.profile_id}"


def _goal(context: Context, playbook: Playbook, kind: OutcomeKind) -> Goal | None:
    """The goal that wanted this: an open one, else the last one it won, so that told twice counts once."""
    wanting = {name for name, play in playbook.plays.items() if play.outcome == kind.name}
    own = {f"profile:{profile}" for profile in context.profile_ids} | {f"account:{context.account_id}"}
    found = [g for g in context.goals if g.play in wanting and g.subject in own and g.status != "lost"]
    return max(found, key=lambda goal: (goal.status == "open", goal.opened_at, goal.id), default=None)
