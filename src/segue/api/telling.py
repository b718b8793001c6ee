"""Telling: from the records of the store to the shapes of the API."""

from typing import TypeVar

import msgspec

from segue.api import shapes
from segue.bootstrap.public import public
from segue.bootstrap.recollecting import recollected
from segue.core.ports import PersonView, Receipt
from segue.core.records.context import LedgerRow
from segue.core.units import to_datetime
from segue.runtime.admission import Accepted
from segue.runtime.gate import GateAnswer

S = TypeVar("S")


def shown(record: object, shape: type[S], reporting: str) -> S:
    """A record in its public form and shape; what the shape does not name is left out."""
    return msgspec.convert(public(record, reporting), shape)


def receipt(accepted: Accepted) -> shapes.Receipt:
    """What became of a signal."""
    error = accepted.error
    return shapes.Receipt(
        accepted.id, accepted.state, error.code if error else "", str(error) if error else ""
    )


def effect(row: LedgerRow, reporting: str) -> shapes.Effect:
    """An effect with its ledger."""
    told = {**public(row.effect, reporting), "state": row.state, "attempts": public(row.attempts, reporting)}
    return msgspec.convert(told, shapes.Effect)


def decision_receipt(found: Receipt, reporting: str) -> shapes.DecisionReceipt:
    """Everything about one decision."""
    return shapes.DecisionReceipt(
        decision=shown(found.decision, shapes.Decision, reporting),
        signal=shown(found.signal, shapes.Signal, reporting),
        percept=None if found.percept is None else public(found.percept, reporting),
        recalled=[shown(item, shapes.Recollected, reporting) for item in recollected(found)],
        recalled_by=found.recalled.model,
        effects=[effect(row, reporting) for row in found.ledger],
        approvals=[shown(item, shapes.Approval, reporting) for item in found.approvals],
        outcomes=[shown(item, shapes.Outcome, reporting) for item in found.outcomes],
    )


def person(view: PersonView, reporting: str) -> shapes.Person:
    """What is known of a person."""
    return shown(view, shapes.Person, reporting)


def moments(view: PersonView) -> list[shapes.Moment]:
    """Everything that happened between a person and the company, in no order."""
    found = [
        shapes.Moment(
            to_datetime(item.at), "message", item.id, item.direction, item.channel, item.by, item.text
        )
        for item in view.messages
    ]
    found += [
        shapes.Moment(to_datetime(item.at), "touch", item.id, "out", item.channel, item.by, item.campaign)
        for item in view.exposures
    ]
    found += [
        shapes.Moment(
            *(to_datetime(item.at), "decision", item.id, "", item.choice.candidate.channel),
            *("segue", f"{item.play or item.question}: {item.action} ({item.mode}): {item.because}"),
        )
        for item in view.decisions
    ]
    return found + [
        shapes.Moment(to_datetime(item.at), "outcome", item.id, "", "", "", item.name)
        for item in view.outcomes
    ]


def gate_answer(answer: GateAnswer) -> shapes.GateAnswer:
    """What the gate says."""
    return shapes.GateAnswer(answer.answer, answer.because, answer.rule, answer.decision_id, answer.until)
