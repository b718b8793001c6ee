"""PostHog's capture protocol: events by `distinct_id`, with people and groups in their properties."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from segue.api.ingest.clocks import happened, moment
from segue.api.ingest.event_names import told_by, tracked, viewed
from segue.api.ingest.people import Facing, mapping
from segue.core.errors import SignalError
from segue.core.records.signals import Kind, NewSignal
from segue.runtime.admission import shown

SOURCE = "posthog"
_UPDATES = frozenset({"$identify", "$set", "$set_once"})


def signal_of(
    item: object, *, sent: datetime | None, received: datetime, facing: Facing, history: bool = False
) -> NewSignal:
    """Make a signal of one event.

    Args:
        item: The event.
        sent: `sent_at` of its batch.
        received: Our clock.
        facing: What must be known of the tenant.
        history: Whether the client says that it moves old events over.

    Raises:
        SignalError: It is no event, or names nobody.
    """
    if not isinstance(item, dict):
        raise SignalError(f"an event is an object, not `{shown(item)}`")
    name, properties = item.get("event"), mapping(item.get("properties"))
    if not isinstance(name, str) or not name:
        raise SignalError("event: write the name of what happened")
    kind, body = _told(name, item, properties, facing)
    identifiers = _identifiers(name, item, properties, facing)
    if not identifiers:
        raise SignalError("distinct_id is missing; send one")
    uuid = item.get("uuid") or properties.get("$insert_id")
    return NewSignal(
        source=SOURCE,
        source_id=uuid if isinstance(uuid, str) and uuid else None,
        kind=kind,
        identifiers=identifiers,
        occurred_at=happened(moment("timestamp", item.get("timestamp")), sent, received),
        body=body,
        history=history,
    )


def _identifiers(
    name: str, item: Mapping[str, Any], properties: Mapping[str, Any], facing: Facing
) -> list[str]:
    distinct = item.get("distinct_id", properties.get("distinct_id"))
    device = properties.get("$device_id")
    person = _person(item, properties)
    pairs: list[tuple[str, object]] = []
    if name != "$groupidentify":  # Its own distinct id names the group, not a person.
        pairs.append(("cookie" if distinct == device else "user", distinct))
        pairs += [("cookie", device), ("email", person.get("email")), ("phone", person.get("phone"))]
    if name == "$identify":
        pairs.append(("cookie", properties.get("$anon_distinct_id")))
    if name == "$create_alias":
        pairs.append(("user", properties.get("alias")))
    groups = mapping(properties.get("$groups"))
    pairs.append(("account", properties.get("$group_key") or next(iter(groups.values()), None)))
    return facing.identifiers(*pairs)


def _person(item: Mapping[str, Any], properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is said of the person, where it stands in any of its places; what was set once comes first."""
    places = ("$set_once", "$set")
    return {
        key: value
        for place in places
        for holder in (properties, item)
        for key, value in mapping(holder.get(place)).items()
    }


def _told(
    name: str, item: Mapping[str, Any], properties: Mapping[str, Any], facing: Facing
) -> tuple[str, dict[str, Any]]:
    if name in _UPDATES:
        return Kind.PROFILE_UPDATED.value, {"facts": facing.facts("person", _person(item, properties))}
    if name == "$create_alias":
        return Kind.PROFILE_UPDATED.value, {"facts": {}}
    if name == "$groupidentify":
        traits = mapping(properties.get("$group_set"))
        return Kind.ACCOUNT_UPDATED.value, {"facts": facing.facts("account", traits)}
    own = {key: value for key, value in properties.items() if not key.startswith("$")}
    if name in {"$pageview", "$screen"}:
        screen = properties.get("$screen_name")
        return viewed(properties, screen if isinstance(screen, str) else "") or tracked(name, own)
    return told_by(name, own)
