"""CloudEvents 1.0 over HTTP: structured, batched, and binary, where attributes come as headers."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from segue.api.ingest.clocks import moment
from segue.api.ingest.event_names import told_by
from segue.api.ingest.people import Facing, mapping
from segue.api.parsing import parse
from segue.api.problems import Refusal
from segue.core.errors import SignalError
from segue.core.records.signals import NewSignal

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
_PREFIX = "ce-"
_REQUIRED = ("id", "source", "type", "specversion")
_JSON_ENDS = ("json", "+json")


def events_in(headers: Mapping[str, str], raw: bytes) -> list[dict[str, Any]]:
    """The events of a request, each with its attributes and `data`.

    A request with `ce-` headers is one event whose body is its data; Python's client sends such without a
    content type. Any other is one event as JSON, or a list of them.

    Raises:
        Refusal: 400 no JSON; 422 an event lacks an attribute it must have.
    """
    if f"{_PREFIX}specversion" in headers:
        events = [_binary(headers, raw)]
    else:
        told = parse(raw)
        events = told if isinstance(told, list) else [told]
    for number, event in enumerate(events):
        _check(event, number)
    return events


def signal_of(event: Mapping[str, Any], *, received: datetime, facing: Facing) -> NewSignal:
    """Make a signal of one event.

    Its type is the kind of signal, or the name of what happened. Whom it is about stand in the extension
    attribute `identifiers` (separated by commas), in `data.identifiers`, or in `subject`.

    Raises:
        SignalError: It names nobody, or its time or data cannot be read.
    """
    data = _data(event)
    fields = dict(data) if isinstance(data, dict) else ({} if data is None else {"data": data})
    kind, body = told_by(event["type"], _without_people(fields), facing.outcomes)
    return NewSignal(
        source=event["source"],
        source_id=event["id"],
        kind=kind,
        identifiers=_identifiers(event, fields),
        occurred_at=moment("time", event.get("time")) or received,
        body=body,
    )


def _check(event: object, number: int) -> None:
    if not isinstance(event, dict):
        raise Refusal(422, "shape", f"event {number}: an event is an object")
    for name in _REQUIRED:
        if not isinstance(event.get(name), str) or not event[name]:
            raise Refusal(422, "shape", f"event {number}: attribute `{name}` is missing")
    if not event["specversion"].startswith("1."):
        raise Refusal(422, "shape", f"event {number}: specversion `{event['specversion'][:20]}` is not 1.0")


def _binary(headers: Mapping[str, str], raw: bytes) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        name.removeprefix(_PREFIX): unquote(value)
        for name, value in headers.items()
        if name.startswith(_PREFIX)
    }
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    if not raw:
        return attributes
    if media.endswith(_JSON_ENDS) or not media:
        return {**attributes, "data": parse(raw)}
    try:
        return {**attributes, "data": raw.decode()}
    except UnicodeDecodeError as error:
        raise Refusal(422, "shape", f"data of media type `{media[:60]}` is no text") from error


def _data(event: Mapping[str, Any]) -> object:
    if "data_base64" not in event:
        return event.get("data")
    try:
        return parse(b64decode(event["data_base64"], validate=True))
    except (NotBase64, TypeError, ValueError, Refusal) as error:
        raise SignalError("data_base64 does not hold JSON") from error


def _identifiers(event: Mapping[str, Any], data: Mapping[str, Any]) -> list[str]:
    extension, listed, subject = event.get("identifiers"), data.get("identifiers"), event.get("subject")
    if isinstance(extension, str) and extension:
        return [item.strip() for item in extension.split(",") if item.strip()]
    if isinstance(listed, list):
        return listed
    if isinstance(subject, str) and subject:
        return [subject if ":" in subject else f"user:{subject}"]
    raise SignalError("nobody is named; set `identifiers` in data, or `subject`")


def _without_people(data: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in mapping(data).items() if name != "identifiers"}
