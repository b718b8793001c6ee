"""Whether a person allows a channel: the later word wins, and a withdrawal wins a tie.

Stored are facts `consent.<channel>` and `consent.all` with the brand as qualifier (empty: all brands), whose
value is `granted` or `withdrawn`, over all profiles of the person; followed by a purpose
(`consent.email.commercial`) where only that was spoken of. What is not on record is unknown.
"""

from collections.abc import Iterable, Mapping

from segue.core.expr import FactDecl, Type, World
from segue.core.facts import subjects
from segue.core.records.binding import Binding, DerivedFact, DerivedFacts
from segue.core.records.context import Context
from segue.core.records.memory import Fact
from segue.core.records.signals import CHANNELS

ALL = "all"


def predicate_of(channel: str, purpose: str = "") -> str:
    """Name of the fact that holds consent to a channel: for one purpose, or for all.

    >>> predicate_of("email", "commercial"), predicate_of("all")
    ('consent.email.commercial', 'consent.all')
    """
    return f"consent.{channel}.{purpose}" if purpose else f"consent.{channel}"


def allows(context: Context, channel: str, brand: str, purpose: str = "") -> bool | None:
    """Whether the person allows a channel of a brand for a purpose; None where nothing is on record.

    The brand's own facts win over those of all brands, and those of the purpose over those of all purposes;
    but a grant in particular does not outlast a later withdrawal in general. Where no brand is known, a
    withdrawal from any of them counts. A grant counts only when a system of record told it; a withdrawal
    counts whoever told it.
    """
    names = {predicate_of(channel): "", predicate_of(ALL): ""}
    if purpose:
        names |= {predicate_of(channel, purpose): purpose, predicate_of(ALL, purpose): purpose}
    found: dict[str, dict[str, list[Fact]]] = {"": {}, purpose: {}}
    about = subjects(context, "person")
    for fact in context.facts:
        if fact.predicate in names and fact.subject in about and _counts(fact):
            found[names[fact.predicate]].setdefault(fact.qualifier, []).append(fact)
    general = _decisive(found[""], brand)
    last = _stronger(_decisive(found[purpose], brand), general) if purpose else general
    return None if last is None else last.value == "granted"


def _counts(fact: Fact) -> bool:
    return fact.value == "withdrawn" or (fact.value == "granted" and fact.trust == "verified")


def _decisive(by_brand: Mapping[str, list[Fact]], brand: str) -> Fact | None:
    """The fact that decides among those of one brand and those of all."""
    last = {name: _last(facts) for name, facts in by_brand.items()}
    general = last.pop("", None)
    own = last.get(brand)
    if not brand:
        own = next((fact for fact in last.values() if fact.value == "withdrawn"), None)
    return _stronger(own, general)


def _last(facts: Iterable[Fact]) -> Fact:
    return max(facts, key=lambda fact: (fact.valid_from, fact.value == "withdrawn"))


def _stronger(own: Fact | None, general: Fact | None) -> Fact | None:
    """The particular word, unless it was withdrawn in general since."""
    if own is None or general is None:
        return own or general
    outlived = general.value == "withdrawn" and general.valid_from >= own.valid_from
    return general if outlived else own


def _of(binding: Binding, channel: str) -> bool | None:
    candidate = binding.candidate
    return allows(
        binding.context, channel, candidate.brand if candidate else "", candidate.purpose if candidate else ""
    )


def _by(binding: Binding) -> tuple[str, str, str]:
    """Candidates on one channel, of one brand and purpose share what was consented to."""
    candidate = binding.candidate
    return (candidate.channel, candidate.brand, candidate.purpose) if candidate else ("", "", "")


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
