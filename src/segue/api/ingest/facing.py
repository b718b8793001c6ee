"""What adapters must know of a tenant, read from the playbook in force."""

from segue.api.ingest.people import Facing
from segue.core.records.playbook import Playbook
from segue.graph.systems import stored_facts
from segue.identity import normalise_all


def facing_of(playbook: Playbook) -> Facing:
    """Gather what adapters need."""
    region = playbook.settings.default_country or None
    return Facing(
        spell=lambda identifiers: normalise_all(identifiers, region),
        texts={
            root: frozenset(
                name for name, source in stored_facts(playbook, root).items() if source.type == "text"
            )
            for root in ("person", "account")
        },
        outcomes=frozenset(playbook.outcomes),
    )
