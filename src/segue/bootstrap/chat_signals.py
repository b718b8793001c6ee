"""What a chat tells the app: messages, where replies reach a visitor, and whom a site vouches for."""

from collections.abc import Mapping

from segue.connectors.webchat import Line, Visitor
from segue.core.ids import derive
from segue.core.records.signals import NewSignal
from segue.core.units import Instant, to_datetime
from segue.privacy.vouching import Vouched

SOURCE = "chat"


def said(visitor: Visitor, line: Line) -> NewSignal:
    """A visitor's message; who they say they are goes along as a claim."""
    body = {"channel": "chat", "text": line.text, "thread": visitor.id, "brand": visitor.brand}
    if visitor.claims:
        body["claims"] = visitor.claims
    return _signal(visitor, f"{visitor.id}:{line.key}", "message.received", body, line.at)


def address(visitor: Visitor, at: Instant) -> NewSignal:
    """Where replies reach a visitor nobody vouched for, and which language they read."""
    facts = {"chat": visitor.id, "language": visitor.language}
    return _signal(visitor, f"{visitor.id}:address", "profile.updated", {"facts": facts}, at)


def linked(visitor: Visitor, who: Vouched, at: Instant) -> NewSignal:
    """The exact link a site vouches for: this visitor is that user."""
    named = derive("vouched", who.user, who.email)
    facts = {"chat": visitor.id}
    return _signal(visitor, f"{visitor.id}:{named}", "profile.updated", {"facts": facts}, at, who.identifiers)


def _signal(
    visitor: Visitor,
    source_id: str,
    kind: str,
    body: Mapping[str, object],
    at: Instant,
    more: tuple[str, ...] = (),
) -> NewSignal:
    return NewSignal(SOURCE, source_id, kind, (f"chat:{visitor.id}", *more), to_datetime(at), body)
