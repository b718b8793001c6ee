"""What an expression is evaluated against, and how derived facts are declared."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

from msgspec import Struct

from segue.core.expr import FactDecl, Value
from segue.core.records.context import Context
from segue.core.records.decisions import Candidate
from segue.core.records.memory import Goal
from segue.core.records.percepts import Percept
from segue.core.records.playbook import Playbook
from segue.core.records.signals import Signal


class Binding(Struct, frozen=True):
    """A context with the signal, goal and candidate that names in expressions speak of."""

    context: Context
    playbook: Playbook
    signal: Signal | None = None
    percept: Percept | None = None
    goal: Goal | None = None
    candidate: Candidate | None = None


@dataclass(frozen=True, slots=True)
class DerivedFact:
    """A fact computed from a binding, outside the expression language; None is unknown.

    Attributes:
        of: Computes it.
        by: What of the candidate it depends on besides the context: candidates for which this is equal
            share one reading. None where it may depend on anything.
    """

    decl: FactDecl
    of: Callable[[Binding], Value | None]
    by: Callable[[Binding], Hashable] | None = None


DerivedFacts = Mapping[str, DerivedFact]
