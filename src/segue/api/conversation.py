"""Conversations over HTTP: whose one is, and a colleague's word on it."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from segue.api import shapes, telling
from segue.api.handling import caller_of
from segue.api.operation import Asked, Operation
from segue.api.people import WHO, AtQuery
from segue.bootstrap import App
from segue.bootstrap.conversations import conversation_of
from segue.core.records.promised import GIVEN
from segue.core.units import to_datetime

_By = Annotated[
    str, Meta(max_length=200, description="Who says so, such as `rep:anna`; the key's name if not given.")
]
_Role = Annotated[str, Meta(max_length=200, description="What they are to the customer; see the playbook.")]
_Until = Annotated[datetime, Meta(tz=True)] | None
_What = Literal[GIVEN]  # type: ignore[valid-type]  # the words are data


class Claim(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Take a conversation; it ends when it is handed back, or `until`."""

    by: _By = ""
    role: _Role = ""
    until: _Until = None


class Given(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the customer was promised; `due` is when it is to be kept by, if a time was said."""

    what: _What
    due: _Until = None
    words: Annotated[str, Meta(max_length=10_000)] = ""


class HandBack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Give a conversation back, with what Segue is to keep."""

    by: _By = ""
    role: _Role = ""
    promise: Given | None = None


class Hold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Have an account left alone; without `until` the hold is over."""

    by: _By = ""
    until: _Until = None


def conversation_operations(app: App) -> list[Operation[Any, Any]]:
    """Whose a conversation is, claim, hand back, hold."""

    def read(asked: Asked[AtQuery, None]) -> shapes.Conversation:
        query, order = asked.query, app.playbook.settings.conversation_order
        found = conversation_of(
            app,
            asked.path["who"],
            order,
            as_of=query.as_of or to_datetime(app.now),
            known_at=query.known_at or None,
        )
        return telling.shown(found, shapes.Conversation, app.reporting)

    async def claim(asked: Asked[Any, Claim]) -> shapes.Receipt:
        body = asked.body
        by = body.by or caller_of(asked)
        return telling.receipt(
            await app.converse(asked.path["who"], "claim", by=by, role=body.role, until=body.until)
        )

    async def hand_back(asked: Asked[Any, HandBack]) -> shapes.Receipt:
        body = asked.body
        by, promise = body.by or caller_of(asked), msgspec.to_builtins(body.promise)
        return telling.receipt(
            await app.converse(asked.path["who"], "hand-back", by=by, role=body.role, promise=promise)
        )

    async def hold(asked: Asked[Any, Hold]) -> shapes.Receipt:
        by = asked.body.by or caller_of(asked)
        return telling.receipt(await app.converse(asked.path["who"], "hold", by=by, until=asked.body.until))

    parts, one = {"who": WHO}, "/v1/people/{who}/conversation"
    fails = (404, 409, 422)
    return [
        Operation(
            *(
                "GET",
                one,
                "read_conversation",
                "Read who holds the conversation with a person.",
                "read",
                read,
            ),
            answers=shapes.Conversation,
            query=AtQuery,
            fails=(404,),
            parts=parts,
        ),
        Operation(
            *("POST", f"{one}/claim", "claim_conversation", "Take a conversation.", "act", claim),
            answers=shapes.Receipt,
            takes=Claim,
            fails=fails,
            parts=parts,
        ),
        Operation(
            *("POST", f"{one}/hand-back", "hand_back_conversation", "Give a conversation back.", "act"),
            run=hand_back,
            answers=shapes.Receipt,
            takes=HandBack,
            fails=fails,
            parts=parts,
        ),
        Operation(
            *("POST", f"{one}/hold", "hold_account", "Have an account left alone.", "act", hold),
            answers=shapes.Receipt,
            takes=Hold,
            fails=fails,
            parts=parts,
        ),
    ]
