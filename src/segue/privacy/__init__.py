"""Consent, suppression and signed links: what a person allows, and how an opt-out outlives their data."""

from segue.privacy.consent import DERIVED, allows, predicate_of
from segue.privacy.links import Subscription
from segue.privacy.opting_out import opt_out_facts, suppression_key

__all__ = [
    "DERIVED",
    "Subscription",
    "allows",
    "opt_out_facts",
    "predicate_of",
    "suppression_key",
]
