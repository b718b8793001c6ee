"""Harms: what a signal shows that contact has cost; an opt-out is one, whoever wrote last."""

from collections.abc import Iterable

from segue.core.ids import derive
from segue.core.records.context import Context
from segue.core.records.memory import Fact, Outcome
from segue.core.records.playbook import Playbook
from segue.core.records.signals import Signal

OPT_OUT = "opt_out"
WITHDRAWN = "withdrawn"


def opted_out(
    known: Context, signal: Signal, facts: Iterable[Fact], playbook: Playbook
) -> tuple[Outcome, ...]:
    """The harm of an opt-out, counted where a consent that was not withdrawn before is withdrawn now.

    Several consents taken back in one go are one harm.
    """
    kind = playbook.outcomes.get(OPT_OUT)
    if kind is None or signal.history or not known.profile_id:
        return ()
    own = [
        fact for fact in known.beginning("consent.") if fact.subject in known.own
    ]  # not what colleagues said
    before = {(fact.predicate, fact.qualifier) for fact in own if fact.value == WITHDRAWN}
    new = [
        fact
        for fact in facts
        if fact.predicate.startswith("consent.")
        and fact.value == WITHDRAWN
        and (fact.predicate, fact.qualifier) not in before
    ]
    if not new or any(_in_one_go(fact, signal) for fact in own):
        return ()
    made = Outcome(
        id=derive("outcome", OPT_OUT, known.person_id, signal.id),
        name=OPT_OUT,
        subject=f"profile:{known.profile_id}",
        at=signal.occurred_at,
        signal_id=signal.id,
        value_micro=kind.harm_micro,
        harm=True,
        profile_id=known.profile_id,
        account_id=known.account_id,
    )
    return (made,)


def _in_one_go(fact: Fact, signal: Signal) -> bool:
    said_before = fact.predicate.startswith("consent.") and fact.value == WITHDRAWN
    return said_before and fact.valid_from == signal.occurred_at and fact.signal_id != signal.id
