"""The brief: what a human needs to take over, who said what when, what is owed, and what is known.

What answers the message best is cited from however long ago, with its id. What is private is masked in it:
the human reads it in the message that is handed over, if it stands there, and nowhere else.
"""

from segue import graph
from segue.core.facts import beats, subjects
from segue.core.money import Money
from segue.core.predicates import TOLD, predicate_of
from segue.core.records.memory import Fact, Message
from segue.core.records.promised import PREDICATE, Promised
from segue.core.units import Instant, to_datetime
from segue.core.zones import local_time
from segue.graph.disclosure import is_private
from segue.perception import without_private
from segue.planner.options import Moment
from segue.planner.reading import text

BRIEF_LINES = 40
"""So many facts; what the customer told of themselves does not count."""

_OUR_LINES = 3
_LAST_WORDS = 5
"""What was said so lately is no earlier message that would have to be cited."""
_WHO = {"customer": "they promised", "company": "we promised"}
_NOT_TOLD = (PREDICATE, "mood", "sentiment", "detector.")

CITED = 3
_NEARLY = 3, 4
"""Of what was recalled, what scores three quarters of the best is cited."""


def brief(moment: Moment) -> str:
    """What a human needs to take over: what was said, what was said of it before, what is owed and known.

    The customer's own words all stand in it, of whatever channel, with the last of ours; then promises; then
    facts, those that the customer told before those that a system of record holds.
    """
    earlier = _earlier(moment)
    shown = [item for item in reversed(_shown(moment)) if item not in earlier]
    lines = [f"{item.direction} {item.channel}: {_words(moment, item)}" for item in shown]
    owed = [
        f"{_WHO[one.who]}: {one.what.replace('_', ' ')}, {due_day(moment, one)}"
        for one in graph.owed(moment.context)
    ]
    facts = [
        fact
        for fact in _facts(moment)
        if not _is_private(moment, fact) and not fact.predicate.startswith(_NOT_TOLD)
    ]
    told = sorted({_fact(fact) for fact in facts if fact.predicate in TOLD})
    rest = sorted({_fact(fact) for fact in facts if fact.predicate not in TOLD})[:BRIEF_LINES]
    parts = [*lines, *cited(moment), *owed, *told, *rest, *_masked(moment)]
    return "\n".join(parts) or "nothing is known yet"


def due_day(moment: Moment, one: Promised) -> str:
    """The day a promise is due on where the person is; what is due when a day ends is due on that day."""
    if not one.due_at:
        return "no time was said"
    zone = text(moment.view, "person.zone", moment.playbook.settings.default_zone)
    there = local_time(Instant(one.due_at - 1), zone)
    return f"{there:%a} {there.day} {there:%b %Y}"


def _shown(moment: Moment) -> list[Message]:
    said = moment.context.messages
    ours = [item for item in said if item.direction == "out"][:_OUR_LINES]
    return [item for item in said if item.direction == "in" or item in ours]


def cited(moment: Moment) -> list[str]:
    """Earlier messages that answer this one best: channel, day, id, speaker and words, best first."""
    return [_cited(moment, item) for item in _earlier(moment)]


def _earlier(moment: Moment) -> list[Message]:
    found = moment.context.recalled
    last = {item.id for item in moment.context.messages[:_LAST_WORDS]}
    least = found[0][1] * _NEARLY[0] // _NEARLY[1] if found else 0
    return [item for item, score in found if score >= least and item.id not in last][:CITED]


def _cited(moment: Moment, item: Message) -> str:
    day = to_datetime(item.at).date().isoformat()
    return f"{item.direction} {item.channel} of {day}, message {item.id}, {item.by}: {_words(moment, item)}"


def _words(moment: Moment, item: Message) -> str:
    """A message as the brief shows it; the one that is handed over stands as it was written."""
    is_handed = item.signal_id in {moment.heard.id, moment.heard.trigger}
    return item.text if is_handed else without_private(item.text)


def _facts(moment: Moment) -> tuple[Fact, ...]:
    """What is believed of the person, under all their profiles, and of the account."""
    context = moment.context
    account = f"account:{context.account_id}"
    about = {moment.known.subject, account} | subjects(context, "person")
    found: dict[tuple[bool, str, str], Fact] = {}
    for fact in context.facts:
        key = (fact.subject == account, fact.predicate, fact.qualifier)
        if fact.subject in about and (key not in found or beats(fact, found[key])):
            found[key] = fact
    return tuple(found.values())


def _is_private(moment: Moment, fact: Fact) -> bool:
    root = "account" if fact.subject.startswith("account:") else "person"
    declared = moment.playbook.facts.get(f"{root}.{fact.predicate}")
    return is_private(fact, declared) or predicate_of(fact.predicate).sensitive


def _masked(moment: Moment) -> list[str]:
    """That something private was told lately, and no word of what; the message itself says it or not."""
    told = {fact.signal_id for fact in _facts(moment) if _is_private(moment, fact)}
    return ["something private was told; be considerate"] if told else []


def _fact(fact: Fact) -> str:
    return f"{fact.predicate}{f' {fact.qualifier}' if fact.qualifier else ''}: {_value(fact)}"


def _value(fact: Fact) -> object:
    """A value as people write it: money with its currency, an instant of a statement as its day."""
    value = fact.value
    if isinstance(value, dict) and set(value) == {"amount", "currency"}:
        return str(Money(value["amount"], value["currency"]))
    if isinstance(value, int) and fact.predicate in TOLD and TOLD[fact.predicate].type == "instant":
        return to_datetime(Instant(value)).date().isoformat()
    return value
