"""Where a person is, as far as counting days goes."""

from segue.core.facts import Root, believed
from segue.core.records.context import Context
from segue.core.records.playbook import Settings
from segue.core.zones import zone

_ROOTS: tuple[Root, ...] = ("person", "account")


def zone_name(context: Context, settings: Settings) -> str:
    """The zone whose calendar days count: on record of the person, else of the account, else the default."""
    for root in _ROOTS:
        fact = believed(context, root, "time_zone")
        if fact is not None and isinstance(fact.value, str) and zone(fact.value) is not None:
            return fact.value
    return settings.default_zone
