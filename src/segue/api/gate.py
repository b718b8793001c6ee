"""The send gate over HTTP: other tools ask before they send."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from segue.api import shapes, telling
from segue.api.operation import Asked, Operation
from segue.bootstrap import App
from segue.core.errors import SegueError
from segue.identity import normalise_all
from segue.runtime.gate import GateRequest

_Name = Annotated[str, Meta(min_length=1, max_length=180)]
_Key = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=180,
        description="The tool's own key of this touch: the same key is the same question.",
    ),
]
_Identifier = Annotated[
    str,
    Meta(
        max_length=400,
        pattern=r"^\s*[A-Za-z][A-Za-z0-9_]*\s*:",
        description="Of the person the tool wants to touch, such as `email:ann@x.io`.",
    ),
]


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a tool wants to send.

    Attributes:
        hold: Whether it can wait; a held request is decided again when what spoke against it has passed.
    """

    tool: _Name
    key: _Key
    identifiers: Annotated[list[_Identifier], Meta(min_length=1, max_length=20)]
    purpose: Literal["commercial", "service", "mandatory"]
    channel: Literal["email", "sms", "whatsapp", "phone", "chat"]
    campaign: Annotated[str, Meta(max_length=200)] = ""
    brand: Annotated[str, Meta(max_length=200)] = ""
    hold: bool = True


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which reserved touch is meant."""

    tool: _Name
    key: _Key


def gate_operations(app: App) -> list[Operation[Any, Any]]:
    """Check, reserve, commit, release."""

    async def check(asked: Asked[Any, Question]) -> shapes.GateAnswer:
        nobody = _nobody(app, asked.body)
        return nobody or telling.gate_answer(await app.gate.check(_request(asked.body)))

    async def reserve(asked: Asked[Any, Question]) -> shapes.GateAnswer:
        nobody = _nobody(app, asked.body)
        return nobody or telling.gate_answer(await app.gate.reserve(_request(asked.body)))

    async def commit(asked: Asked[Any, Told]) -> shapes.Receipt:
        return telling.receipt(await app.gate.commit(asked.body.tool, asked.body.key))

    async def release(asked: Asked[Any, Told]) -> shapes.Receipt:
        return telling.receipt(await app.gate.release(asked.body.tool, asked.body.key))

    def asks(name: str, summary: str, run: Any) -> Operation[Any, Any]:  # noqa: ANN401 - one of the above
        return Operation(
            *("POST", f"/v1/gate/{name}", f"gate_{name}", summary, "gate", run),
            answers=shapes.GateAnswer,
            takes=Question,
        )

    def tells(name: str, summary: str, run: Any) -> Operation[Any, Any]:  # noqa: ANN401 - one of the above
        return Operation(
            *("POST", f"/v1/gate/{name}", f"gate_{name}", summary, "gate", run),
            answers=shapes.Receipt,
            takes=Told,
            fails=(404,),
        )

    return [
        asks("check", "Ask whether a touch is allowed; nothing is set aside.", check),
        asks(
            "reserve",
            "Ask and, where allowed, set the touch aside until it is told what came of it.",
            reserve,
        ),
        tells("commit", "Tell that it was sent.", commit),
        tells("release", "Tell that it was not sent.", release),
    ]


def _nobody(app: App, question: Question) -> shapes.GateAnswer | None:
    """No to a touch of nobody: identifiers that cannot be read name no person who could be written to."""
    try:
        spelt = normalise_all(question.identifiers, app.playbook.settings.default_country or None)
    except SegueError as error:
        return shapes.GateAnswer("deny", str(error), "", "", None)
    if spelt:
        return None
    return shapes.GateAnswer("deny", "each of the identifiers stands for nobody", "", "", None)


def _request(question: Question) -> GateRequest:
    return GateRequest(**msgspec.structs.asdict(question))
