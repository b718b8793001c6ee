"""What a playbook may do with a private fact: let a policy hold back for it, and nothing else."""

from collections.abc import Mapping
from typing import Final, Literal

from segue.core.records.playbook import FactSource
from segue.graph.derived import PRIVATE

Reader = Literal["customer", "colleague"]
"""Who reads a text: what goes to a customer says less than what colleagues are told."""

READERS: Final[tuple[Reader, ...]] = ("customer", "colleague")
HINT: Final = "a policy that forbids, defers, escalates or asks for approval may ask for it"
_KEPT: Final[Mapping[Reader, frozenset[str]]] = {
    "customer": frozenset({"staff", "nobody"}),
    "colleague": frozenset({"nobody"}),
}
_BRIEF: Final = "brief"


def private_names(facts: Mapping[str, FactSource]) -> frozenset[str]:
    """Full names of facts that are private: the house's own, and those a playbook calls `sensitive`."""
    return frozenset({PRIVATE, *(name for name, source in facts.items() if source.sensitive)})


def withheld(facts: Mapping[str, FactSource], reader: Reader) -> dict[str, str]:
    """Blanks that no text to a reader may hold, each with why.

    >>> sorted(withheld({}, "customer"))
    ['brief', 'person.private']
    """
    private = private_names(facts)
    found = {name: f"`{name}` is private: no text holds it" for name in private}
    for name, source in facts.items():
        if name not in private and source.tell in _KEPT[reader]:
            found[name] = f"`{name}` is told to {source.tell} alone"
    if reader == "customer":
        found[_BRIEF] = "the `brief` is for colleagues: it holds what others said"
    return found
