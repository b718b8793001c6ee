"""Whether a person allows a channel: the later word wins, and a withdrawal wins a tie.

Stored are facts `consent.<channel>` and `consent.all` with the brand as qualifier (empty: all brands), whose
value is `granted` or `withdrawn`, over all profiles of the person; followed by a purpose
(`consent.email.commercial`) where only that was spoken of. What is not on record is unknown. An address that
is suppressed as such is not written to, whoever has it.
"""

from collections.abc import Iterable, Mapping

from segue.core.expr import FactDecl, Type, World
from segue.core.facts import believed
from segue.core.records.binding import Binding, DerivedFact, DerivedFacts
from segue.core.records.context import Context, Suppression
from segue.core.records.memory import Fact
from segue.core.records.signals import CHANNELS

ALL = "all"
_CONSENT = "consent."
_ADDRESS = {"email": "email", "sms": "phone", "whatsapp": "phone", "phone": "phone"}
"""Channel to the fact, and namespace, of the addresses it goes to."""


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
    return _told(context, (), channel, brand, purpose)


def is_suppressed(
    context: Context, channel: str, brand: str, purpose: str = "", *, address: str = ""
) -> bool:
    """Whether an address of the person is not to be written to, whoever told that about whom.

    Where the address identifies the person, it counts together with the person's own words. Where it does
    not, the word on the address stands, whatever is said of the person; consent for the address ends it.

    Args:
        context: What is known.
        channel: The channel to be used.
        brand: The brand that speaks.
        purpose: What it speaks for.
        address: Where it goes to; empty: to the address on record.
    """
    namespace = _ADDRESS.get(channel)
    if namespace is None or not context.suppressions:
        return False
    known = believed(context, "person", namespace)
    to = address or (str(known.value) if known is not None else "")
    return any(
        _of_address(context, item, channel, brand, purpose)
        for item in context.suppressions
        if item.namespace == namespace and (item.address == to or item.holder == context.person_id)
    )


def _of_address(context: Context, item: Suppression, channel: str, brand: str, purpose: str) -> bool:
    if item.holder == context.person_id:
        return _told(context, item.facts, channel, brand, purpose) is False
    return _decided(item.facts, channel, brand, purpose) is False


def _told(context: Context, more: tuple[Fact, ...], channel: str, brand: str, purpose: str) -> bool | None:
    own = [fact for fact in context.beginning(_CONSENT) if fact.subject in context.own]
    return _decided((*own, *more), channel, brand, purpose)


def _decided(facts: Iterable[Fact], channel: str, brand: str, purpose: str) -> bool | None:
    """What facts about one person, or one address, come to."""
    names = {predicate_of(channel): "", predicate_of(ALL): ""}
    if purpose:
        names |= {predicate_of(channel, purpose): purpose, predicate_of(ALL, purpose): purpose}
    found: dict[str, dict[str, list[Fact]]] = {"": {}, purpose: {}}
    for fact in facts:
        if fact.predicate in names and _counts(fact):
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
    brand, purpose = (candidate.brand, candidate.purpose) if candidate else ("", "")
    if is_suppressed(binding.context, channel, brand, purpose, address=_to(binding, channel)):
        return False
    return allows(binding.context, channel, brand, purpose)


def _to(binding: Binding, channel: str) -> str:
    """Where a written candidate goes to."""
    candidate = binding.candidate
    to = candidate.arguments.get("to") if candidate and candidate.channel == channel else None
    return to if isinstance(to, str) else ""


def _by(binding: Binding) -> tuple[str, str, str, str]:
    """Candidates on one channel, of one brand and purpose, to one address share what was consented to."""
    candidate = binding.candidate
    if candidate is None:
        return "", "", "", ""
    return candidate.channel, candidate.brand, candidate.purpose, _to(binding, candidate.channel)


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
