"""Whether a person allows a channel: the later word wins, and a withdrawal wins a tie.

Stored are facts `consent.<channel>` and `consent.all` with the brand as qualifier (empty: all brands), whose
value is `granted` or `withdrawn`, over all profiles of the person. What is not on record is unknown.
"""

from collections.abc import Iterable

from segue.core.expr import FactDecl, Type, World
from segue.core.facts import facts_of
from segue.core.records.binding import Binding, DerivedFact, DerivedFacts
from segue.core.records.context import Context
from segue.core.records.memory import Fact
from segue.core.records.signals import CHANNELS

ALL = "all"


def allows(context: Context, channel: str, brand: str) -> bool | None:
    """Whether the person allows a channel of a brand; None where nothing is on record.

    The brand's own facts win over those of all brands, but a grant to the brand does not outlast a later
    withdrawal from all. Where no brand is known, a withdrawal from any of them counts. A grant counts only
    when a system of record told it; a withdrawal counts whoever told it.
    """
    by_brand: dict[str, list[Fact]] = {}
    for predicate in (f"consent.{channel}", f"consent.{ALL}"):
        for fact in facts_of(context, "person", predicate):
            if _counts(fact):
                by_brand.setdefault(fact.qualifier, []).append(fact)
    last = {name: _last(facts) for name, facts in by_brand.items()}
    general = last.pop("", None)
    own = last.get(brand)
    if not brand:
        own = next((fact for fact in last.values() if fact.value == "withdrawn"), None)
    return _either(own, general)


def _counts(fact: Fact) -> bool:
    return fact.value == "withdrawn" or (fact.value == "granted" and fact.trust == "verified")


def _last(facts: Iterable[Fact]) -> Fact:
    return max(facts, key=lambda fact: (fact.valid_from, fact.value == "withdrawn"))


def _either(own: Fact | None, general: Fact | None) -> bool | None:
    if own is None:
        return None if general is None else general.value == "granted"
    outlived = general is not None and general.value == "withdrawn" and general.valid_from >= own.valid_from
    return own.value == "granted" and not outlived


def _of(binding: Binding, channel: str) -> bool | None:
    return allows(binding.context, channel, binding.candidate.brand if binding.candidate else "")


def _by(binding: Binding) -> tuple[str, str]:
    """Candidates on one channel of one brand share what was consented to."""
    return (binding.candidate.channel, binding.candidate.brand) if binding.candidate else ("", "")


def _of_candidate(binding: Binding) -> bool | None:
    channel = binding.candidate.channel if binding.candidate else ""
    return _of(binding, channel) if channel else None


def _is_withdrawn(binding: Binding) -> bool:
    return _of_candidate(binding) is False


def _channel_fact(channel: str) -> DerivedFact:
    doc = f"whether the person allows {channel} of the action's brand"
    return DerivedFact(
        FactDecl(f"consent.{channel}", Type.BOOL, doc=doc), lambda binding: _of(binding, channel), _by
    )


_FACTS = (
    *(_channel_fact(channel) for channel in CHANNELS),
    DerivedFact(
        FactDecl(
            "consent.channel", Type.BOOL, doc="whether the person allows the action's channel and brand"
        ),
        _of_candidate,
        _by,
    ),
    DerivedFact(
        FactDecl(
            "consent.withdrawn",
            Type.BOOL,
            World.CLOSED,
            default=False,
            doc="whether the person withdrew from the action's channel and brand",
        ),
        _is_withdrawn,
        _by,
    ),
)

DERIVED: DerivedFacts = {fact.decl.name: fact for fact in _FACTS}
"""Facts of consent; open-world, except `consent.withdrawn`."""
