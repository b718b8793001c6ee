"""What may be done: every rule that speaks of a candidate, and when a person may be contacted."""

from segue.core.records.binding import DerivedFacts
from segue.policy.verdicts import Bind, Check, check, settable

__all__ = ["DERIVED", "Bind", "Check", "check", "settable"]

DERIVED: DerivedFacts = {}
