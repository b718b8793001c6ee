"""What the body of each kind must have: one table for the check at the door and for the OpenAPI document."""

from collections.abc import Mapping
from datetime import datetime
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


def _name(kind: Kind) -> str:
    return "".join(word.capitalize() for word in kind.value.split("."))


BODIES: Mapping[str, type[msgspec.Struct]] = {
    kind.value: msgspec.defstruct(
        f"{_name(kind)}Body",
        list(needed.items()),
        frozen=True,
        namespace={"__doc__": f"What `{kind.value}` must have; docs/signals.md tells what it may have."},
    )
    for kind, needed in _REQUIRED.items()
}


def check_body(kind: str, body: Mapping[str, Any], where: str) -> None:
    """See that a body has what its kind must have.

    Raises:
        Refusal: 422, it has not.
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
    if kind.value in BODIES:
        return [("body", BODIES[kind.value])]
    return [("body", dict[str, Any], msgspec.field(default_factory=dict))]
