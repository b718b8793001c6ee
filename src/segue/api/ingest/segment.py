"""Segment's protocol, which RudderStack's clients speak too: track, identify, group, page, screen, alias."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from segue.api.ingest.clocks import happened, moment
from segue.api.ingest.event_names import told_by, tracked, viewed
from segue.api.ingest.people import Facing, mapping
from segue.core.errors import SignalError
from segue.core.records.signals import Kind, NewSignal
from segue.runtime.admission import shown

SOURCE = "segment"
TYPES = ("track", "identify", "group", "page", "screen", "alias")

_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)


def signal_of(item: object, *, sent: datetime | None, received: datetime, facing: Facing) -> NewSignal:
    """Make a signal of one message.

    Args:
        item: The message; its `type` says what it is.
        sent: `sentAt` of its batch.
        received: Our clock.
        facing: What must be known of the tenant.

    Raises:
        SignalError: It is no message, or names nobody.
    """
    if not isinstance(item, dict):
        raise SignalError(f"a message is an object, not `{shown(item)}`")
    type_ = item.get("type")
    if type_ not in TYPES:
        raise SignalError(f"type `{shown(type_)}` is none of {', '.join(TYPES)}")
    kind, body = _TOLD[type_](item, facing)
    identifiers = _identifiers(item, facing)
    if not identifiers:
        raise SignalError("userId and anonymousId are missing; send one of them")
    said = moment("timestamp", item.get("originalTimestamp") or item.get("timestamp"))
    own_sent = moment("sentAt", item.get("sentAt")) or sent
    message_id = item.get("messageId")
    return NewSignal(
        source=SOURCE,
        source_id=message_id if isinstance(message_id, str) and message_id else None,
        kind=kind,
        identifiers=identifiers,
        occurred_at=happened(said, own_sent, received),
        body=body,
    )


def _identifiers(item: Mapping[str, Any], facing: Facing) -> list[str]:
    context = mapping(item.get("context"))
    traits = _traits(item)
    is_group = item["type"] == "group"
    pairs: list[tuple[str, object]] = [("user", item.get("userId")), ("cookie", item.get("anonymousId"))]
    if not is_group:
        pairs += [("email", traits.get("email")), ("phone", traits.get("phone"))]
    if item["type"] == "alias":
        previous = item.get("previousId")
        pairs.append(("user", previous))
        if isinstance(previous, str) and _UUID.fullmatch(previous):
            pairs.append(("cookie", previous))  # The id of a visitor, whom nobody knew by name before.
    pairs.append(("account", item.get("groupId") if is_group else context.get("groupId")))
    return facing.identifiers(*pairs)


def _traits(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Traits stand in the message or, where another call carries them, in its context."""
    own = mapping(item.get("traits"))
    return own or mapping(mapping(item.get("context")).get("traits"))


def _track(item: Mapping[str, Any], _facing: Facing) -> tuple[str, dict[str, Any]]:
    name = item.get("event")
    if not isinstance(name, str) or not name:
        raise SignalError("event: write the name of what happened")
    return told_by(name, mapping(item.get("properties")))


def _identify(item: Mapping[str, Any], facing: Facing) -> tuple[str, dict[str, Any]]:
    return Kind.PROFILE_UPDATED.value, {"facts": facing.facts("person", _traits(item))}


def _group(item: Mapping[str, Any], facing: Facing) -> tuple[str, dict[str, Any]]:
    if not facing.identifiers(("account", item.get("groupId"))):
        raise SignalError("groupId: write the id of the account")
    return Kind.ACCOUNT_UPDATED.value, {"facts": facing.facts("account", _traits(item))}


def _page(item: Mapping[str, Any], _facing: Facing) -> tuple[str, dict[str, Any]]:
    page = mapping(mapping(item.get("context")).get("page"))
    properties = {**page, **mapping(item.get("properties"))}
    name = item.get("name")
    word = name if isinstance(name, str) else ""
    return viewed(properties, word) or tracked(f"Viewed {word or item['type']}", properties)


def _alias(item: Mapping[str, Any], facing: Facing) -> tuple[str, dict[str, Any]]:
    if not facing.identifiers(("user", item.get("previousId"))):
        raise SignalError("previousId: write the id that the person had before")
    return Kind.PROFILE_UPDATED.value, {"facts": {}}


_TOLD = {
    "track": _track,
    "identify": _identify,
    "group": _group,
    "page": _page,
    "screen": _page,
    "alias": _alias,
}
