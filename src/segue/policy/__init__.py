"""What may be done: every rule that speaks of a candidate, and when a person may be contacted."""

from segue.policy.calendars import public_holidays
from segue.policy.places import zones_of
from segue.policy.verdicts import Bind, Check, check, settable
from segue.policy.windows import DERIVED

__all__ = ["DERIVED", "Bind", "Check", "check", "public_holidays", "settable", "zones_of"]
