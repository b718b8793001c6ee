"""Signals: anything that happened, made durable before it is acknowledged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from msgspec import field

from segue.core.records.memory import Trust
from segue.core.records.record import Record
from segue.core.units import Instant

KINDS_VERSION = 1


class Kind(StrEnum):
    """What happened: a closed, versioned list. `docs/signals.md` gives the body of each kind."""

    MESSAGE_RECEIVED = "message.received"
    MESSAGE_SENT = "message.sent"
    MESSAGE_BOUNCED = "message.bounced"
    CALL_TRANSCRIBED = "call.transcribed"
    MEETING_NOTED = "meeting.noted"
    FORM_SUBMITTED = "form.submitted"
    PAGE_VIEWED = "page.viewed"
    LINK_CLICKED = "link.clicked"
    MAIL_OPENED = "mail.opened"
    USAGE_RECORDED = "usage.recorded"
    EVENT_TRACKED = "event.tracked"
    TICKET_OPENED = "ticket.opened"
    TICKET_SOLVED = "ticket.solved"
    PROFILE_UPDATED = "profile.updated"
    ACCOUNT_UPDATED = "account.updated"
    MEETING_BOOKED = "meeting.booked"
    MEETING_MOVED = "meeting.moved"
    MEETING_CANCELLED = "meeting.cancelled"
    CONSENT_CHANGED = "consent.changed"
    OUTCOME_REACHED = "outcome.reached"
    CONVERSATION_CLAIMED = "conversation.claimed"
    CONVERSATION_RELEASED = "conversation.released"
    CONVERSATION_HELD = "conversation.held"
    GATE_REQUESTED = "gate.requested"
    GATE_COMMITTED = "gate.committed"
    GATE_RELEASED = "gate.released"
    DETECTOR_FIRED = "detector.fired"
    TIMER_FIRED = "timer.fired"
    PROMISE_DUE = "promise.due"
    EFFECT_SETTLED = "effect.settled"
    EFFECT_REFUSED = "effect.refused"
    APPROVAL_GIVEN = "approval.given"
    APPROVAL_REJECTED = "approval.rejected"
    LLM_ANSWERED = "llm.answered"
    CONTROL_CHANGED = "control.changed"
    IDENTITY_MERGE = "identity.merge"
    IDENTITY_SPLIT = "identity.split"
    MEMORY_CORRECTED = "memory.corrected"


INTERNAL_KINDS = frozenset(
    {
        Kind.DETECTOR_FIRED,
        Kind.TIMER_FIRED,
        Kind.PROMISE_DUE,
        Kind.EFFECT_SETTLED,
        Kind.EFFECT_REFUSED,
        Kind.APPROVAL_GIVEN,
        Kind.APPROVAL_REJECTED,
        Kind.LLM_ANSWERED,
        Kind.CONTROL_CHANGED,
        Kind.IDENTITY_MERGE,
        Kind.IDENTITY_SPLIT,
        Kind.MEMORY_CORRECTED,
        Kind.GATE_REQUESTED,
        Kind.GATE_COMMITTED,
        Kind.GATE_RELEASED,
    }
)
"""Kinds only Segue's own doors may submit; from outside they are refused."""

IDENTITY_KINDS = frozenset({Kind.IDENTITY_MERGE, Kind.IDENTITY_SPLIT})
"""What humans say of who is who."""
OWN_SOURCES = frozenset({"chat", "consent-import", "email", "portal"})
"""Sources that doors of Segue's own speak as; over the API nobody else does."""

CLAIMABLE_KINDS = frozenset(
    {
        Kind.PAGE_VIEWED,
        Kind.LINK_CLICKED,
        Kind.MAIL_OPENED,
        Kind.MESSAGE_BOUNCED,
        Kind.FORM_SUBMITTED,
        Kind.EVENT_TRACKED,
        Kind.USAGE_RECORDED,
        Kind.PROFILE_UPDATED,
        Kind.ACCOUNT_UPDATED,
        Kind.CONSENT_CHANGED,
    }
)
"""Kinds that anybody may tell, such as a web page with its public key; consent only to take it back."""

CHANNELS = ("email", "sms", "whatsapp", "phone", "chat")
"""Channels a message comes in or goes out by."""

ACCOUNT_NAMESPACES = frozenset({"account", "company", "crm_company", "hubspot_company", "salesforce_account"})

_RANKS = (
    ("user", "crm", "hubspot", "salesforce", "pipedrive"),
    ("helpdesk", "zendesk", "intercom", "freshdesk"),
    ("email",),
    ("phone", "whatsapp"),
    ("cookie", "chat"),
)
NAMESPACE_RANK = {name: rank for rank, names in enumerate(_RANKS) for name in names}
"""Fixed order in which a signal's first identifier is found; unknown namespaces come last."""


class Signal(Record, frozen=True):
    """An immutable event.

    Attributes:
        id: Keyed hash of (`source`, `source_id`).
        source: The tool it came from, for example `hubspot`, `web`, `segue.timer`.
        source_id: The source's own id of the event: the dedupe key.
        kind: What happened.
        identifiers: `namespace:value`, normalised; of people and of at most one account.
        occurred_at: When it happened by the source's clock, bounded and corrected.
        received_at: When it was accepted; monotonic per tenant; *now* of its step.
        body: Canonical JSON by kind; numbers are integers or decimal text.
        history: True updates memory and never acts.
        subject: `profile:ID`, `account:ID` or `tenant`, for signals Segue makes itself.
        trigger: Id of the signal it was derived from, or empty.
        trust: `claimed` where anybody could have told it, such as a web page: its facts are claims, too.
        expired: Digest of what its source said, where its words were kept for long enough and are gone.
    """

    id: str
    source: str
    source_id: str
    kind: Kind
    identifiers: tuple[str, ...]
    occurred_at: Instant
    received_at: Instant
    body: dict[str, Any] = field(default_factory=dict)
    history: bool = False
    subject: str = ""
    trigger: str = ""
    trust: Trust = "verified"
    expired: str = ""

    @property
    def automatic(self) -> str:
        """What kind of machine wrote a message, such as `out_of_office`; empty where a human did.

        `loop` says that its thread had all the automatic exchanges of a day, whoever wrote it.
        """
        kind = self.body.get("automatic") if self.kind is Kind.MESSAGE_RECEIVED else ""
        return kind if isinstance(kind, str) else ""

    @property
    def person_identifiers(self) -> tuple[str, ...]:
        """Identifiers of people, in the fixed namespace order."""
        return _of_people(self.identifiers)

    @property
    def account_identifier(self) -> str:
        """The identifier that names the account, or empty."""
        return next((i for i in self.identifiers if i.partition(":")[0] in ACCOUNT_NAMESPACES), "")


@lru_cache(maxsize=1_024)
def _of_people(identifiers: tuple[str, ...]) -> tuple[str, ...]:
    people = [item for item in identifiers if item.partition(":")[0] not in ACCOUNT_NAMESPACES]
    return tuple(sorted(people, key=lambda item: (NAMESPACE_RANK.get(item.partition(":")[0], 9), item)))


@dataclass(frozen=True, slots=True)
class NewSignal:
    """A signal as it is handed in; exported as `segue.Signal`.

    Args:
        source: The tool it comes from, 1 to 200 characters.
        source_id: The source's own id of the event: the dedupe key. None: a hash of the content.
        kind: A public kind of `docs/signals.md`.
        identifiers: `namespace:value` of 1 to 20 identifiers of people, at most one of an account.
        occurred_at: When it happened, aware; the future is clipped to now, beyond ten years is refused.
        body: JSON by kind, at most 256 KB and 32 levels.
        history: True updates memory and never acts.
        subject: `profile:ID` in place of identifiers, where one of Segue's own doors holds proof of whom it
            speaks: a link that Segue signed, or a report about a message that Segue sent.
        trust: `verified` from a system of record; `claimed` where anybody could have told it.
    """

    source: str
    source_id: str | None
    kind: str
    identifiers: Sequence[str]
    occurred_at: datetime
    body: Mapping[str, Any] = default(default_factory=dict)
    history: bool = False
    subject: str = ""
    trust: Trust = "verified"
