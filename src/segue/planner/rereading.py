"""Second readings: a language model is asked what was not understood, and the decision waits for it.

What was decided stands and goes out a few seconds later, unless the reading comes back first and the loop
decides anew. So nothing has to happen for the fallback, whatever becomes of the model.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import msgspec
from msgspec.structs import replace

from segue.core.ids import derive
from segue.core.pseudonyms import names, pseudonymise
from segue.core.records.context import TENANT, Context
from segue.core.records.decisions import Decision, SharedRead
from segue.core.records.effects import Effect, EffectChange, Reservation
from segue.core.records.percepts import Percept
from segue.core.records.playbook import LanguageModel
from segue.core.records.reading import CONNECTOR, READ_AGAIN, VERB, Spent
from segue.core.records.signals import Kind
from segue.core.redact import is_personal
from segue.core.units import PPM, SECOND, Instant, to_datetime
from segue.perception import READ_BY_MODEL, most_tokens, text_of
from segue.planner.effects import Asked
from segue.planner.options import Moment

_WRITTEN: Final = frozenset({Kind.MESSAGE_RECEIVED, Kind.FORM_SUBMITTED})
_REQUESTS: Final = (2, 1)
"""How many answered requests a reading may take: with a retry, or without one where the budget is small."""

_EARLY: Final = SECOND // 2
"""So much before the timeout is over what waits goes out, so that it is out by then."""

_NAMES: Final = frozenset({"name", "first_name", "last_name", "full_name", "owner"})
_KINDS: Final = {"email": "email", "phone": "phone", "mobile": "phone", "whatsapp": "phone"}


class ReadAgain(NamedTuple):
    """What a step asks for with the second reading, if it asks.

    Attributes:
        effects: All effects of the decision, those that wait among them.
        reservations: What the reading may use at most.
        told: What the receipt says of it.
        shared: The budgets it was held against.
    """

    effects: tuple[Effect, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    told: str = ""
    shared: tuple[SharedRead, ...] = ()


class Budget(NamedTuple):
    """One limit of a day: its key on the ledger, its name for people, what is wanted, and the limit."""

    key: str
    name: str
    amount: int
    limit: int


def read_again(moment: Moment, decision: Decision | None, asked: Asked | None) -> ReadAgain:
    """Ask a language model where a message was not understood or holds a risk, within the budgets."""
    effects = asked.effects if asked else ()
    model, percept = moment.playbook.settings.llm, moment.percept
    if model is None or percept is None or not (why := _why(moment, percept)) or why not in model.reads:
        return ReadAgain(effects)
    known = names(known_values(moment.context))
    told = pseudonymise(text_of(moment.signal), known)
    words = told.text[:READ_BY_MODEL]  # cut when nothing personal is left that could be cut in half
    most = most_tokens(moment.playbook.intents, words)
    requests = next((n for n in _REQUESTS if not _over_one(model, n * most)), 0)
    if not requests:
        return ReadAgain(effects, told=f"`{model.model}` is not asked: {_over_one(model, most)}")
    budgets = budgets_of(model, moment.now, requests * most)
    shared = tuple(_read(moment, budget) for budget in budgets)
    if full := next((budget for budget in budgets if _is_full(moment, budget)), None):
        return ReadAgain(
            effects, told=f"`{model.model}` is not asked: the day's {full.name} is used up", shared=shared
        )
    waits = why == "not_understood"
    until = Instant(moment.now + model.timeout_s * SECOND - _EARLY)
    held = [replace(one, not_before=until) if waits and _may_wait(one) else one for one in effects]
    arguments: dict[str, Any] = {
        "text": words,
        "pieces": [list(piece) for piece in told.pieces if piece[0] < len(words)],
        "requests": requests,
        "waits": [one.id for one in held if one.not_before == until] if waits else None,
        "approval": next((one.id for one in asked.approvals), None) if asked and waits else None,
    }
    effect = _effect(moment, decision, len(effects), arguments, until)
    rows = tuple(_reserved(effect, budget) for budget in budgets if budget.amount)
    wait = f"what was decided waits up to {model.timeout_s} s for it" if waits else "nothing waits for it"
    return ReadAgain((*held, effect), rows, f"`{model.model}` reads it too; {wait}", shared)


def known_values(context: Context) -> Iterator[tuple[str, str]]:
    """Kinds and values on record of everybody in the lane: names, addresses, numbers."""
    for fact in context.facts:
        if fact.subject == TENANT or not isinstance(fact.value, str):
            continue
        word = fact.predicate.rpartition(".")[2]
        if word in _NAMES:
            yield "name" if fact.subject.startswith("profile:") or word == "owner" else "company", fact.value
        elif is_personal(word):
            yield _KINDS.get(word, "known"), fact.value


def settled(moment: Moment) -> tuple[Reservation, ...]:
    """What a reading really used, in place of what it might have; a lost one counts in full."""
    effect = _settled_effect(moment)
    model = moment.playbook.settings.llm
    told = moment.signal.body.get("spent")
    if effect is None or model is None or moment.signal.body.get("state") == "unknown":
        return ()
    spent = msgspec.convert(told or {}, Spent)
    day = budgets_of(model, effect.not_before, 0)
    amounts = (spent.tokens, spent.micro)
    return tuple(
        replace(_reserved(effect, budget), amount=amount, limit=-1, state="used" if amount else "released")
        for budget, amount in zip(day, amounts, strict=True)
        if budget.limit or amount
    )


def lost(moment: Moment) -> tuple[EffectChange, ...]:
    """A reading of which nobody knows what became of it: it changed nothing, so nobody has to look."""
    effect = _settled_effect(moment)
    if effect is None or moment.signal.body.get("state") != "unknown":
        return ()
    return (EffectChange(effect.id, "failed", "a reading that got lost changed nothing"),)


def budgets_of(model: LanguageModel, at: Instant, tokens: int) -> tuple[Budget, Budget]:
    """The budgets of a day, in UTC, with what so many tokens take of them at most."""
    day = to_datetime(at).date().isoformat()
    dearest = max(model.input_micro, model.output_micro)
    return (
        Budget(f"llm:tokens:{day}", f"budget of {model.day_tokens:,} tokens", tokens, model.day_tokens),
        Budget(f"llm:money:{day}", "budget of money", -(-tokens * dearest // PPM), model.day_micro),
    )


def _why(moment: Moment, percept: Percept) -> str:
    """Why it is read again; empty where it is not: nothing a human just wrote, or it was understood."""
    if moment.signal.kind not in _WRITTEN or moment.signal.history or moment.signal.automatic:
        return ""
    if percept.risk:
        return "high_risk"
    return "not_understood" if percept.decision in {"ask", "escalate"} else ""


def _over_one(model: LanguageModel, tokens: int) -> str:
    """What one reading may not use so much of, or empty."""
    if tokens > model.decision_tokens:
        return f"it could use {tokens:,} tokens, and one reading may use {model.decision_tokens:,}"
    if budgets_of(model, Instant(0), tokens)[1].amount > model.decision_micro:
        return "it could cost more than one reading may"
    return ""


def _is_full(moment: Moment, budget: Budget) -> bool:
    return budget.amount > 0 and _taken(moment, budget) + budget.amount > budget.limit


def _taken(moment: Moment, budget: Budget) -> int:
    total = moment.context.totals.get(budget.key)
    return total.amount if total is not None else 0


def _read(moment: Moment, budget: Budget) -> SharedRead:
    return SharedRead(budget.key, _taken(moment, budget), moment.context.position)


def _reserved(effect: Effect, budget: Budget) -> Reservation:
    return Reservation(
        id=derive("reservation", budget.key, effect.id),
        key=budget.key,
        amount=budget.amount,
        limit=budget.limit,
        state="held",
        subject=TENANT,
        decision_id=effect.decision_id,
        at=effect.not_before,
    )


def _effect(
    moment: Moment, decision: Decision | None, index: int, arguments: dict[str, Any], until: Instant
) -> Effect:
    return Effect(
        id=derive("effect", moment.signal.id, str(index)),
        decision_id=decision.id if decision else "",
        signal_id=moment.signal.id,
        index=index,
        connector=CONNECTOR,
        verb=VERB,
        effect_class="K",
        arguments={name: value for name, value in arguments.items() if value is not None},
        not_before=moment.now,
        deadline_at=until,
        subject=moment.known.subject,
        action=READ_AGAIN,
        purpose="internal",
        profile_id=moment.known.profile_id,
        account_id=moment.context.account_id,
    )


def _may_wait(effect: Effect) -> bool:
    return effect.purpose != "mandatory"


def _settled_effect(moment: Moment) -> Effect | None:
    """The reading that the signal tells the end of."""
    if moment.signal.kind is not Kind.EFFECT_SETTLED:
        return None
    wanted = moment.signal.body["effect"]
    rows = (row.effect for row in moment.context.ledger if row.effect.id == wanted)
    return next((effect for effect in rows if effect.action == READ_AGAIN), None)
