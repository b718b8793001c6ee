"""The send gate: another tool asks before it sends; its question is a signal, the answer is the decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from segue.core.errors import ConflictError, InputError, SignalError
from segue.core.records.decisions import Decision
from segue.core.records.signals import Kind, Signal
from segue.core.units import to_datetime
from segue.runtime.admission import MAX_NAME, Accepted, own
from segue.runtime.parts import Driver
from segue.runtime.tenant import Tenant

Answering = Literal["allow", "hold", "deny"]
_MAX_KEY = MAX_NAME - len("segue.gate.")
PURPOSES = ("commercial", "service", "mandatory")


@dataclass(frozen=True, slots=True)
class GateRequest:
    """What another tool wants to send.

    Attributes:
        tool: Its name.
        key: Its idempotency key: the same key is the same question and gets the latest answer.
        identifiers: Of the person it wants to touch.
        purpose: `commercial`, `service` or `mandatory`.
        hold: Whether it can wait; a held request is rescored when what spoke against it has passed.
    """

    tool: str
    key: str
    identifiers: Sequence[str]
    purpose: str
    channel: str
    campaign: str = ""
    brand: str = ""
    hold: bool = True


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """What Segue says: `allow`, `hold` until about `until`, or `deny`; and why.

    Attributes:
        rule: The policy that spoke, if one did.
        decision_id: Its receipt; empty when no decision fell.
    """

    answer: Answering
    because: str
    rule: str = ""
    decision_id: str = ""
    until: datetime | None = None


class Gate:
    """Answers other tools from the same policies, caps and reservations Segue's own sends meet."""

    def __init__(self, tenant: Tenant, driver: Driver) -> None:
        self._tenant = tenant
        self._driver = driver

    async def check(self, request: GateRequest) -> GateAnswer:
        """Ask without setting anything aside.

        Raises:
            SignalError: The request is malformed.
            ConflictError: The key came with another question before.
        """
        return await self._ask(request, f"{request.key}:check", reserve=False)

    async def reserve(self, request: GateRequest) -> GateAnswer:
        """Ask and, where allowed, set the touch aside until `commit` or `release`.

        Raises:
            SignalError: The request is malformed.
            ConflictError: The key came with another question before.
        """
        return await self._ask(request, request.key, reserve=True)

    async def commit(self, tool: str, key: str) -> Accepted:
        """The tool has sent: the reserved touch is used."""
        return await self._tell(Kind.GATE_COMMITTED, tool, key, "commit")

    async def release(self, tool: str, key: str) -> Accepted:
        """The tool did not send: the reserved touch is free again."""
        return await self._tell(Kind.GATE_RELEASED, tool, key, "release")

    async def _ask(self, request: GateRequest, source_id: str, *, reserve: bool) -> GateAnswer:
        tenant, source = self._tenant, _source(request.tool, request.key)
        if request.purpose not in PURPOSES:
            raise SignalError(f"purpose `{request.purpose[:60]}` is none of {', '.join(PURPOSES)}")
        draft = own(
            tenant.ids,
            Kind.GATE_REQUESTED,
            source,
            source_id,
            body={
                "tool": request.tool,
                "key": request.key,
                "campaign": request.campaign,
                "purpose": request.purpose,
                "channel": request.channel,
                "brand": request.brand,
                "reserve": reserve,
                "hold": request.hold,
            },
            identifiers=self._identifiers(request),
        )
        receipt = await self._driver.submit_and_step(draft)
        if receipt.state == "conflict":
            raise ConflictError(f"gate key `{request.key}` came with another question before")
        with tenant.store.read() as reader:
            decision = reader.gate_decision(source, source_id)
        return _answer(decision)

    async def _tell(self, kind: Kind, tool: str, key: str, what: str) -> Accepted:
        with self._tenant.store.read() as reader:
            asked = reader.signal(self._tenant.ids.signal_id(_source(tool, key), key))
        draft = own(
            self._tenant.ids,
            kind,
            _source(tool, key),
            f"{key}:{what}",
            body={"key": key, **_asked_for(asked)},
            identifiers=asked.identifiers if asked else (),
            subject="" if asked else "tenant",
            trigger=asked.id if asked else "",
        )
        return await self._driver.submit_and_step(draft)

    def _identifiers(self, request: GateRequest) -> tuple[str, ...]:
        try:
            spelt = self._tenant.mind.normalise(request.identifiers)
        except InputError as error:
            raise SignalError(f"identifiers: {error}") from error
        if not spelt:
            raise SignalError("identifiers: name the person the tool wants to touch")
        return spelt


def _asked_for(asked: Signal | None) -> dict[str, str]:
    """What the tool asked for, repeated when it tells what it did, so that the touch itself is remembered."""
    if asked is None:
        return {}
    body = asked.body
    told = {name: str(body.get(name, "")) for name in ("channel", "purpose", "campaign", "brand")}
    return {"by": f"tool:{body['tool']}", **told}


def _source(tool: str, key: str) -> str:
    for where, value in (("tool", tool), ("key", key)):
        if not 1 <= len(value) <= _MAX_KEY:
            raise SignalError(f"{where}: write a text of 1 to {_MAX_KEY} characters")
    return f"segue.gate.{tool}"


def _answer(decision: Decision | None) -> GateAnswer:
    if decision is None:
        return GateAnswer("deny", "the request could not be decided; it is among the dead letters")
    rule = next((item.verdict.rule for item in decision.considered if item.verdict.rule), "")
    until = to_datetime(decision.until) if decision.until is not None else None
    if decision.mode == "allow":
        return GateAnswer("allow", decision.because, rule, decision.id)
    if decision.mode == "hold":
        return GateAnswer("hold", decision.because, rule, decision.id, until)
    return GateAnswer("deny", decision.because, rule, decision.id, until)
