"""What is remembered, and what is known of it by name."""

from segue.core.records.binding import DerivedFacts
from segue.graph.applying import apply
from segue.graph.correcting import correctable
from segue.graph.derived import ACCOUNT, PERSON, THREAD, outcome_facts
from segue.graph.keeping import DUE, SOON, owed, promised
from segue.graph.memory import Memory
from segue.graph.occasion import OCCASION
from segue.graph.owners import OWNERS, owner_of
from segue.graph.promises import PROMISES
from segue.graph.promising import Ours
from segue.graph.remembering import felt_again, read_body, remember
from segue.graph.view import FactView

__all__ = [
    "DERIVED",
    "DUE",
    "SOON",
    "FactView",
    "Memory",
    "Ours",
    "apply",
    "correctable",
    "felt_again",
    "outcome_facts",
    "owed",
    "owner_of",
    "promised",
    "read_body",
    "remember",
]

DERIVED: DerivedFacts = {**PERSON, **ACCOUNT, **THREAD, **PROMISES, **OWNERS, **OCCASION}
"""Every derived fact, but those of consent (`segue.privacy`) and contact hours (`segue.policy`)."""
