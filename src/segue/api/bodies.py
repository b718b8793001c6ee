"""What the body of each kind must and may have: one table for the door and for the OpenAPI document."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

import msgspec
from msgspec import Meta

from segue.api.problems import Refusal
from segue.core.records.signals import CHANNELS, INTERNAL_KINDS, Kind

_Text = Annotated[str, Meta(min_length=1)]
_Count = Annotated[int, Meta(ge=-(10**12), le=10**12)]
_Moment = Annotated[datetime, Meta(tz=True, description="ISO 8601 with an offset.")]
_Facts = Annotated[dict[str, Any], Meta(description="Predicates that the playbook declares become facts.")]
if TYPE_CHECKING:
    _Channel = _AnyChannel = str
else:
    _Channel = Literal[CHANNELS]
    _AnyChannel = Literal[(*CHANNELS, "all")]

_REQUIRED: Mapping[Kind, Mapping[str, Any]] = {
    Kind.MESSAGE_RECEIVED: {"channel": _Channel, "text": _Text},
    Kind.MESSAGE_SENT: {"channel": _Channel, "by": _Text},
    Kind.MESSAGE_BOUNCED: {"channel": _Channel},
    Kind.PAGE_VIEWED: {"path": _Text},
    Kind.LINK_CLICKED: {"url": _Text},
    Kind.USAGE_RECORDED: {"count": _Count},
    Kind.EVENT_TRACKED: {"event": _Text},
    Kind.TICKET_OPENED: {"ticket": _Text, "topic": _Text},
    Kind.TICKET_SOLVED: {"ticket": _Text},
    Kind.PROFILE_UPDATED: {"facts": _Facts},
    Kind.ACCOUNT_UPDATED: {"facts": _Facts},
    Kind.MEETING_BOOKED: {"meeting": _Text, "starts_at": _Moment},
    Kind.MEETING_MOVED: {"meeting": _Text, "starts_at": _Moment},
    Kind.MEETING_CANCELLED: {"meeting": _Text},
    Kind.CONSENT_CHANGED: {"channel": _AnyChannel, "state": Literal["granted", "withdrawn"]},
    Kind.OUTCOME_REACHED: {"outcome": _Text},
    Kind.CONVERSATION_CLAIMED: {"by": _Text},
    Kind.CONVERSATION_RELEASED: {"by": _Text},
    Kind.CONVERSATION_HELD: {"by": _Text},
}
"""Kinds that are not here need nothing."""

_May = str | None
_Number = int | Decimal | None
_Object = dict[str, Any] | None
_Until = _Moment | None
_Purpose = Literal["commercial", "service", ""] | None


class TurnBody(msgspec.Struct, frozen=True):
    """What one speaker says before another does."""

    speaker: str
    text: str


class MoneyBody(msgspec.Struct, frozen=True):
    """Money in minor units."""

    amount: int
    currency: str


class HandedBack(msgspec.Struct, frozen=True):
    """What Segue is to keep that was promised by a colleague."""

    what: _Text
    due: str | None = None
    words: str | None = None


_SPOKEN: Mapping[str, Any] = {
    "thread": _May,
    "turns": list[TurnBody] | None,
    "text": _May,
    "customer": _May,
}
_HELD_BY: Mapping[str, Any] = {"role": _May}
_OPTIONAL: Mapping[Kind, Mapping[str, Any]] = {
    Kind.MESSAGE_RECEIVED: {
        **dict.fromkeys(("whole", "thread", "subject", "brand", "message_id"), _May),
        "references": list[str] | str | None,
        "attachments": list[dict[str, Any]] | None,
        "automatic": Literal["out_of_office", "reply", "notice", "list", "loop", ""] | None,
    },
    Kind.MESSAGE_SENT: {
        **dict.fromkeys(("text", "thread", "campaign", "brand"), _May),
        "purpose": Literal["commercial", "service", "mandatory", ""] | None,
    },
    Kind.MESSAGE_BOUNCED: {
        "severity": Literal["hard", "soft", ""] | None,
        **dict.fromkeys(("status", "reason", "effect"), _May),
    },
    Kind.CALL_TRANSCRIBED: _SPOKEN,
    Kind.MEETING_NOTED: _SPOKEN,
    Kind.FORM_SUBMITTED: {"form": _May, "text": _May, "fields": _Object},
    Kind.PAGE_VIEWED: {"title": _May},
    Kind.LINK_CLICKED: {"effect": _May, "after_s": _Number},
    Kind.MAIL_OPENED: {"url": _May, "effect": _May, "after_s": _Number},
    Kind.USAGE_RECORDED: {"metric": _May, "day": date | None},
    Kind.EVENT_TRACKED: {"properties": _Object},
    Kind.TICKET_OPENED: dict.fromkeys(("subject", "text", "priority"), _May),
    Kind.TICKET_SOLVED: dict.fromkeys(("topic", "subject", "text", "priority"), _May),
    Kind.MEETING_BOOKED: {"title": _May, "with": list[Any] | str | None},
    Kind.MEETING_MOVED: {"title": _May, "with": list[Any] | str | None},
    Kind.MEETING_CANCELLED: {"title": _May, "starts_at": _Until, "with": list[Any] | str | None},
    Kind.CONSENT_CHANGED: {
        "brand": _May,
        "purpose": _Purpose,
        "basis": _May,
        "trust": Literal["verified", "claimed", ""] | None,
    },
    Kind.OUTCOME_REACHED: {"value": MoneyBody | None, "effect": _May, "channel": _May},
    Kind.CONVERSATION_CLAIMED: {**_HELD_BY, "until": _Until},
    Kind.CONVERSATION_RELEASED: {**_HELD_BY, "promise": HandedBack | None},
    Kind.CONVERSATION_HELD: {"until": _Until},
}
"""What may be left out, or be null; fields that are not here are kept as they are."""


def _name(kind: Kind) -> str:
    return "".join(word.capitalize() for word in kind.value.split("."))


def _fields(kind: Kind) -> list[Any]:
    needed = _REQUIRED.get(kind, {}).items()
    # A field's name may be a word of Python's own, so it is spelt in the struct with a mark behind it.
    may = (
        (f"{name}_", form, msgspec.field(default=None, name=name))
        for name, form in _OPTIONAL.get(kind, {}).items()
    )
    return [*needed, *may]


BODIES: Mapping[str, type[msgspec.Struct]] = {
    kind.value: msgspec.defstruct(
        f"{_name(kind)}Body",
        _fields(kind),
        frozen=True,
        namespace={"__doc__": f"What `{kind.value}` must and may have; docs/signals.md tells what it means."},
    )
    for kind in sorted({*_REQUIRED, *_OPTIONAL})
}


def check_body(kind: str, body: Mapping[str, Any], where: str) -> None:
    """See that a body has what its kind must have, and nothing its kind knows in another form.

    Raises:
        Refusal: 422 with the field's place, it has not.
    """
    wanted = BODIES.get(kind)
    if wanted is None:
        return
    try:
        msgspec.convert(body, wanted)
    except (msgspec.ValidationError, OverflowError) as error:
        text = str(error).encode(errors="backslashreplace").decode()
        raise Refusal(422, "shape", f"{text[:1].lower()}{text[1:]}, in {where} of a `{kind}`") from error


def by_kind(envelope: type[msgspec.Struct]) -> Any:  # noqa: ANN401 - a union made at run time is no type to mypy
    """The envelope as it is documented: one struct for each kind, with the body it must have.

    Args:
        envelope: A struct with the fields `kind` and `body`.
    """
    fields = [field for field in msgspec.structs.fields(envelope) if field.name not in {"kind", "body"}]
    shared = [
        (field.name, field.type) if field.required else (field.name, field.type, field.default)
        for field in fields
    ]
    kinds = sorted(frozenset(Kind) - INTERNAL_KINDS)
    made = [
        msgspec.defstruct(
            f"{_name(kind)}Signal",
            [*shared, *_body_of(kind)],
            tag_field="kind",
            tag=kind.value,
            frozen=True,
            kw_only=True,
            forbid_unknown_fields=True,
            namespace={"__doc__": f"A signal `{kind.value}`."},
        )
        for kind in kinds
    ]
    return Union[tuple(made)]  # noqa: UP007 - made of a list


def _body_of(kind: Kind) -> list[Any]:
    if kind in _REQUIRED:
        return [("body", BODIES[kind.value])]
    form = BODIES.get(kind.value, dict[str, Any])
    return [("body", form, msgspec.field(default_factory=form))]
