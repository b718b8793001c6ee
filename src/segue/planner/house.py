"""What a step is decided with, besides its context: the playbook, its derived facts, the engine's hash."""

from dataclasses import dataclass, field

from segue import graph, policy, privacy
from segue.core.ids import IdKey
from segue.core.records.binding import DerivedFacts
from segue.core.records.playbook import Playbook

DERIVED: DerivedFacts = {**graph.DERIVED, **policy.DERIVED, **privacy.DERIVED}
"""Every derived fact of every package on floor 2."""


@dataclass(frozen=True, slots=True)
class House:
    """Everything a step is decided with that is not about the customer.

    Attributes:
        playbook: Compiled plays, policies, actions and settings.
        engine: Hash of code, lock file, playbook, zone and holiday data, and models.
        ids: The tenant's id key, for the ids of derived signals.
    """

    playbook: Playbook
    engine: str
    ids: IdKey
    derived: DerivedFacts = field(default_factory=lambda: DERIVED)
