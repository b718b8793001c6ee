"""What may come in: a new signal is checked, normalised and given its id before it waits for the inbox."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Literal

from msgspec import Struct, field

from segue.core.encoding import canonical_value, digest, encode, nfc
from segue.core.errors import InputError, SegueError, SignalError
from segue.core.ids import IdKey
from segue.core.records.memory import Trust
from segue.core.records.signals import (
    ACCOUNT_NAMESPACES,
    CLAIMABLE_KINDS,
    INTERNAL_KINDS,
    Kind,
    NewSignal,
    Signal,
)
from segue.core.units import DAY, Instant, to_instant
from segue.identity.codes import hidden
from segue.runtime.tenant import Mind

MAX_BODY_BYTES = 256 * 1024
MAX_IDENTIFIERS = 20
MAX_NAME = 200
OLDEST = 3_653 * DAY
"""Ten years: what happened longer ago is refused."""

ReceiptState = Literal["accepted", "duplicate", "conflict", "refused"]

_INTERNAL_SOURCES = "segue."
_CLAIMS = "segue.claims."
"""Before a claim's source in its dedupe key: it never takes the place of what a system of record tells."""

_SUBJECT = re.compile(r"profile:[0-9a-v]{26}")
_LONG_BITS = 256
_PUBLIC_KINDS = {kind.value: kind for kind in Kind if kind not in INTERNAL_KINDS}


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of one signal handed in.

    Attributes:
        id: Id of the signal; empty when it was refused before it had one.
        state: `accepted`, `duplicate` (changed nothing), `conflict` (another body under a known key: the
            first stands, this one is a dead letter) or `refused`.
        error: Why it was refused or is in conflict.
    """

    id: str
    state: ReceiptState
    error: SegueError | None = None


class Draft(Struct, frozen=True):
    """A checked signal that lacks only the instant it is received at."""

    id: str
    source: str
    source_id: str
    kind: Kind
    identifiers: tuple[str, ...] = ()
    occurred_at: Instant | None = None
    body: dict[str, Any] = field(default_factory=dict)
    history: bool = False
    subject: str = ""
    trigger: str = ""
    trust: Trust = "verified"

    def received(self, at: Instant) -> Signal:
        """The signal, received `at`; a client's clock that runs ahead is corrected to it."""
        return Signal(
            id=self.id,
            source=self.source,
            source_id=self.source_id,
            kind=self.kind,
            identifiers=self.identifiers,
            occurred_at=at if self.occurred_at is None else min(self.occurred_at, at),
            received_at=at,
            body=self.body,
            history=self.history,
            subject=self.subject,
            trigger=self.trigger,
            trust=self.trust,
        )


def admit(new: NewSignal, mind: Mind, ids: IdKey, now: Instant) -> Draft:
    """Check one signal from outside.

    Raises:
        SignalError: Names the field, what is wrong and what to do instead.
    """
    if not isinstance(new, NewSignal):
        raise SignalError(f"a value of type `{type(new).__name__}` is no signal; make a `segue.Signal`")
    source = name_of("source", new.source)
    if source.startswith(_INTERNAL_SOURCES):
        raise SignalError(f"source `{source}`: names that begin with `segue.` are Segue's own")
    kind = _kind(new.kind)
    trust = _trust(new, kind)
    subject = _subject(new.subject)
    identifiers = () if subject else identifiers_of(new.identifiers, mind)
    occurred_at = _occurred_at(new.occurred_at, now)
    body = _body(new.body)
    if kind is Kind.MESSAGE_RECEIVED:
        body = _in_log_order(hidden(ids, body))
    if not isinstance(new.history, bool):
        raise SignalError(f"history: write true or false, not `{shown(new.history)}`")
    content = [kind, sorted(identifiers), occurred_at, body, new.history]
    if subject:
        content.append(subject)
    source_id = f"content:{digest(content)}" if new.source_id is None else name_of("source_id", new.source_id)
    return Draft(
        id=ids.signal_id(f"{_CLAIMS}{source}" if trust == "claimed" else source, source_id),
        source=source,
        source_id=source_id,
        kind=kind,
        identifiers=identifiers,
        occurred_at=occurred_at,
        body=body,
        history=new.history,
        subject=subject,
        trust=trust,
    )


def own(  # noqa: PLR0913 - a signal has this many fields; all but the first four go by keyword
    ids: IdKey,
    kind: Kind,
    source: str,
    source_id: str,
    *,
    body: Mapping[str, Any],
    subject: str = "",
    identifiers: Iterable[str] = (),
    occurred_at: Instant | None = None,
    trigger: str = "",
) -> Draft:
    """Draft a signal that Segue makes itself."""
    return Draft(
        id=ids.signal_id(source, source_id),
        source=source,
        source_id=source_id,
        kind=kind,
        identifiers=tuple(identifiers),
        occurred_at=occurred_at,
        body=_in_log_order({name: value for name, value in body.items() if value is not None}),
        subject=subject,
        trigger=trigger,
    )


def name_of(where: str, value: object, *, least: int = 1, most: int = MAX_NAME) -> str:
    """Check a name from outside: a text of a length within bounds, in NFC.

    Raises:
        SignalError: Names the field.
    """
    if not isinstance(value, str) or not least <= len(value) <= most:
        raise SignalError(f"{where}: write a text of {least} to {most:,} characters")
    try:
        return nfc(value)
    except InputError as error:
        raise SignalError(f"{where}: {error}") from error


def shown(value: object) -> str:
    """The beginning of a foreign value, fit for an error message."""
    if isinstance(value, int) and value.bit_length() > _LONG_BITS:
        return "a very long number"
    return str(value)[:60].encode(errors="backslashreplace").decode()


def _kind(value: object) -> Kind:
    if isinstance(value, str) and value in _PUBLIC_KINDS:
        return _PUBLIC_KINDS[value]
    text = shown(value)
    if isinstance(value, str) and value in frozenset(Kind):
        raise SignalError(f"kind `{text}` is made by Segue itself and not taken from outside")
    near = difflib.get_close_matches(text, sorted(_PUBLIC_KINDS), n=1)
    raise SignalError(
        f"kind `{text}` is unknown; " + (f"did you mean `{near[0]}`?" if near else "see docs/signals.md")
    )


def _trust(new: NewSignal, kind: Kind) -> Trust:
    """Whose word it is; what anybody could tell may neither speak for people or tools nor give consent."""
    if new.trust == "verified":
        return "verified"
    if new.trust != "claimed":
        raise SignalError(f"trust: write `verified` or `claimed`, not `{shown(new.trust)}`")
    body: object = new.body
    state = body.get("state") if isinstance(body, Mapping) else None
    gives = kind is Kind.CONSENT_CHANGED and state != "withdrawn"
    if kind in CLAIMABLE_KINDS and not gives:
        return "claimed"
    what = "`consent.changed` that gives consent" if gives else f"kind `{kind}`"
    raise SignalError(
        f"{what} is a system of record's to tell; send it to /v1/signals or /v1/cloudevents with a key that "
        "has scope `record`, which no web page may hold"
    )


def identifiers_of(values: object, mind: Mind) -> tuple[str, ...]:
    """Check and spell the identifiers of one signal or request.

    Raises:
        SignalError: None, too many, malformed, nobody's, or two accounts.
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise SignalError("identifiers: write a list of texts like `email:ann@example.com`")
    items = list(islice(values, MAX_IDENTIFIERS + 1))
    if not 1 <= len(items) <= MAX_IDENTIFIERS:
        found = "more" if items else "none"
        raise SignalError(f"identifiers: write 1 to {MAX_IDENTIFIERS} of them, not {found}")
    if not all(isinstance(item, str) for item in items):
        raise SignalError("identifiers: every one is a text like `email:ann@example.com`")
    try:
        spelt = mind.normalise(items)
    except InputError as error:
        raise SignalError(f"identifiers: {error}") from error
    if not spelt:
        raise SignalError("identifiers: each of them stands for nobody; send one that names somebody")
    accounts = [item for item in spelt if item.partition(":")[0] in ACCOUNT_NAMESPACES]
    if len(accounts) > 1:
        raise SignalError(f"identifiers: `{accounts[0]}` and `{accounts[1]}` name two accounts; send one")
    return spelt


def _subject(value: object) -> str:
    if value != "" and not (isinstance(value, str) and _SUBJECT.fullmatch(value)):
        raise SignalError(f"subject: write `profile:ID` or leave it out, not `{shown(value)}`")
    return str(value)


def _occurred_at(value: object, now: Instant) -> Instant:
    if not isinstance(value, datetime) or (value.tzinfo is not None and value.utcoffset() is None):
        raise SignalError("occurred_at: write an aware datetime")
    try:
        at = to_instant(value)
    except (ValueError, OverflowError) as error:
        raise SignalError(f"occurred_at: {error}") from error
    if at < now - OLDEST:
        raise SignalError(f"occurred_at `{value.isoformat()}` is more than ten years ago")
    return at


def _body(value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise SignalError("body: write an object with the fields of its kind")
    given = dict(value)
    if not _is_bounded(given):
        raise SignalError(f"body: its values and characters are more than {MAX_BODY_BYTES:,}")
    try:
        body: dict[str, Any] = canonical_value(given)
    except InputError as error:
        raise SignalError(f"body: {error}") from error
    size = len(encode(body))
    if size > MAX_BODY_BYTES:
        raise SignalError(f"body: {size:,} bytes are more than {MAX_BODY_BYTES:,}")
    ordered: dict[str, Any] = _in_log_order(body)
    return ordered


def _is_bounded(body: dict[Any, object]) -> bool:
    """Whether values and characters are within the limit, told before any of it is copied or encoded."""
    left, waiting = MAX_BODY_BYTES, list[object]([body])
    while waiting:
        value = waiting.pop()
        if isinstance(value, str | dict | list | tuple):
            left -= len(value)
        if left < 0:
            return False
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list | tuple):
            waiting.extend(value)
    return True


def _in_log_order(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Order keys as the log will give them back, so that a step meets the same body live and in replay."""
    if isinstance(value, dict):
        return {name: _in_log_order(value[name]) for name in sorted(value)}
    return [_in_log_order(item) for item in value] if isinstance(value, list) else value
