"""What is remembered, and what is known of it by name."""

from segue.core.records.binding import DerivedFacts
from segue.graph.applying import apply
from segue.graph.correcting import correctable
from segue.graph.derived import ACCOUNT, PERSON, THREAD, outcome_facts
from segue.graph.memory import Memory
from segue.graph.occasion import OCCASION
from segue.graph.remembering import felt_again, remember
from segue.graph.view import FactView

__all__ = [
    "DERIVED",
    "FactView",
    "Memory",
    "apply",
    "correctable",
    "felt_again",
    "outcome_facts",
    "remember",
]

DERIVED: DerivedFacts = {**PERSON, **ACCOUNT, **THREAD, **OCCASION}
"""Every derived fact, but those of consent (`segue.privacy`) and contact hours (`segue.policy`)."""
