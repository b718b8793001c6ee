"""One signal, one step: links, now and context are read, then the pure step decides; replay does the same."""

from msgspec.structs import replace

from segue.core.ids import IdKey
from segue.core.ports import Reader
from segue.core.records.context import TENANT, Context
from segue.core.records.events import Stepped
from segue.core.records.identity import Known, Web
from segue.core.records.memory import Links
from segue.core.records.percepts import Percept
from segue.core.records.signals import IDENTITY_KINDS, Kind, Signal
from segue.core.units import Instant
from segue.identity.codes import FIELD
from segue.runtime.recalling import recalled_for
from segue.runtime.tenant import Mind


def link_of(reader: Reader, mind: Mind, ids: IdKey, signal: Signal) -> Links:
    """Whom the signal is about: by its subject if it names one, else by its identifiers."""
    if signal.kind in IDENTITY_KINDS:
        return mind.judge(signal, reader.web([*signal.body["one"], *signal.body["other"]]))
    if signal.subject:
        return subject_links_of(reader, mind, signal.subject)
    code = signal.body.get(FIELD) if signal.kind is Kind.MESSAGE_RECEIVED else None
    nodes = _nodes(ids, signal)
    known = None if isinstance(code, str) else _known(reader, mind, nodes, signal)
    if known is None:
        brought = (code, nodes[1], signal.received_at) if isinstance(code, str) else None
        known = reader.web(nodes, claims=signal.trust == "claimed", code=brought)
    account = signal.account_identifier
    accounts = reader.known_accounts([ids.identifier_hash(account)]) if account else {}
    return mind.link(signal, known, accounts, ids)


def _known(reader: Reader, mind: Mind, nodes: list[str], signal: Signal) -> Known | Web | None:
    """Where its profile belongs; None where it brings anything new."""
    if not nodes:
        return Web()
    profile_id, *hashes = nodes
    known, ties = reader.seen(profile_id, hashes)
    return None if known is None or mind.is_news(ties, hashes, signal.occurred_at, signal.trust) else known


def _nodes(ids: IdKey, signal: Signal) -> list[str]:
    """Its own profile, and its identifiers."""
    people = signal.person_identifiers
    if not people:
        return []
    return [ids.profile_id(signal.source, people[0]), *(ids.identifier_hash(item) for item in people)]


def subject_links_of(reader: Reader, mind: Mind, subject: str) -> Links:
    """Links of `profile:ID`, `account:ID` or `tenant` as they are now."""
    scope, _, name = subject.partition(":")
    person_id = (reader.profile_person(name) or "") if scope == "profile" else ""
    return mind.subject_links(subject, person_id, reader.account_of(person_id) if person_id else "")


def lane_of(reader: Reader, links: Links) -> str:
    """The serial unit these links belong to: account where there is one, else person, else the tenant."""
    account_id = links.account_id
    if (
        links.person_id and not links.moved and (links.joined or links.merged)
    ):  # else the links hold the person's account as it is
        account_id = reader.account_of(links.person_id)
    if not account_id and (links.joined or not links.person_id):
        account_id = links.account_id
    if account_id:
        return f"account:{account_id}"
    return f"person:{links.person_id}" if links.person_id else TENANT


def step_of(
    reader: Reader,
    mind: Mind,
    ids: IdKey,
    signal: Signal,
    percept: Percept | None,
    links: Links | None = None,
) -> Stepped:
    """Decide what follows from one signal.

    Now is its `received_at`; never before the lane's last now, so that a timer that fires late, or a dead
    letter taken up again, does not turn its lane back.

    Args:
        reader: A unit of work, so that the step sees what the one before it wrote.
        mind: The functions in force.
        ids: The tenant's id key.
        signal: What happened.
        percept: What its words mean, recorded before.
        links: What `link_of` found, where the caller asked already.
    """
    links = link_of(reader, mind, ids, signal) if links is None else links
    return mind.step(context_of(reader, mind, signal, links), signal, percept)


def context_of(reader: Reader, mind: Mind, signal: Signal, links: Links) -> Context:
    """What is known as one signal is stepped, with what was recalled for it."""
    now = Instant(max(signal.received_at, reader.lane_now(lane_of(reader, links))))
    context = reader.context(signal, links, now, mind.wants(signal, links))
    if earlier := recalled_for(reader, signal):
        return replace(context, recalled=earlier)
    return context
