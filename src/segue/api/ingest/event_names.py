"""Names of events that many tools share, and the kind of signal each is; all others are `event.tracked`."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from segue.core.records.signals import INTERNAL_KINDS, Kind

Body = dict[str, Any]
Told = tuple[str, Body]

MAX_NAME = 200
_PUBLIC = {kind.value for kind in frozenset(Kind) - INTERNAL_KINDS}


def told_by(name: str, properties: Mapping[str, Any], outcomes: frozenset[str] = frozenset()) -> Told:
    """Kind and body of an event by its name.

    A name that is itself a kind of signal takes the properties as its body. A known name that lacks what its
    kind needs is tracked like any other, so that nothing is lost. A complaint that is no outcome, because the
    playbook declares none or anybody could have told it, still takes consent to e-mail back.

    Args:
        name: As the client calls it, in any case.
        properties: What came with it.
        outcomes: Outcomes the playbook declares and the teller may report.

    >>> told_by("Email Opened", {"email_id": "7"})
    ('mail.opened', {'email_id': '7'})
    >>> told_by("Report Shared", {"size": 3})
    ('event.tracked', {'event': 'Report Shared', 'properties': {'size': 3}})
    """
    if name in _PUBLIC:
        return name, dict(properties)
    made = _KNOWN.get(" ".join(name.lower().replace("_", " ").split()), _nothing)(properties)
    if made is not None and made[0] == Kind.OUTCOME_REACHED and made[1]["outcome"] not in outcomes:
        made = _withdrawn("marked as spam")
    return made or tracked(name, properties)


def tracked(name: str, properties: Mapping[str, Any]) -> Told:
    """An event that has no kind of its own."""
    return Kind.EVENT_TRACKED.value, {"event": name[:MAX_NAME] or "unnamed", "properties": dict(properties)}


def viewed(properties: Mapping[str, Any], name: str = "") -> Told | None:
    """A page or screen that was looked at; None where nothing says which."""
    path = _text(properties, "path", "$pathname") or _path(_text(properties, "url", "$current_url")) or name
    if not path:
        return None
    body = {"path": path, "title": _text(properties, "title") or name}
    url = _text(properties, "url", "$current_url")
    return Kind.PAGE_VIEWED.value, {**body, "url": url} if url else body


def _nothing(_properties: Mapping[str, Any]) -> Told | None:
    return None


def _clicked(properties: Mapping[str, Any]) -> Told | None:
    url = _text(properties, "url", "link_url", "href")
    return (Kind.LINK_CLICKED.value, {**properties, "url": url}) if url else None


def _opened(properties: Mapping[str, Any]) -> Told | None:
    return Kind.MAIL_OPENED.value, dict(properties)


def _bounced(properties: Mapping[str, Any]) -> Told | None:
    return Kind.MESSAGE_BOUNCED.value, {**properties, "channel": "email"}


def _unsubscribed(_properties: Mapping[str, Any]) -> Told | None:
    return _withdrawn("unsubscribed")


def _withdrawn(basis: str) -> Told:
    return Kind.CONSENT_CHANGED.value, {"channel": "email", "state": "withdrawn", "basis": basis}


def _complained(_properties: Mapping[str, Any]) -> Told | None:
    return Kind.OUTCOME_REACHED.value, {"outcome": "complaint"}


def _submitted(properties: Mapping[str, Any]) -> Told | None:
    form = _text(properties, "form", "form_name", "form_id") or "form"
    text = _text(properties, "message", "comment", "text")
    return Kind.FORM_SUBMITTED.value, {"form": form, "fields": dict(properties)} | (
        {"text": text} if text else {}
    )


_KNOWN: Mapping[str, Callable[[Mapping[str, Any]], Told | None]] = {
    "page viewed": viewed,
    "link clicked": _clicked,
    "email link clicked": _clicked,
    "email opened": _opened,
    "email bounced": _bounced,
    "email marked as spam": _complained,
    "unsubscribed": _unsubscribed,
    "form submitted": _submitted,
}


def _text(properties: Mapping[str, Any], *names: str) -> str:
    """The first of these that is a text."""
    values = (properties.get(name) for name in names)
    return next((value for value in values if isinstance(value, str) and value), "")


def _path(url: str) -> str:
    try:
        return urlsplit(url).path or ("/" if url else "")
    except ValueError:
        return ""
