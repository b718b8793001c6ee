"""The send gate: another tool asks before it sends; its question is a signal, the answer is the decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Literal

from segue.core.errors import ConflictError, MissingError, SignalError
from segue.core.records.decisions import Decision
from segue.core.records.gate import CHECK, COMMIT, OWN_ENDINGS, RELEASE
from segue.core.records.signals import ACCOUNT_NAMESPACES, CHANNELS, Kind, Signal
from segue.core.units import to_datetime
from segue.runtime.admission import MAX_NAME, Accepted, Draft, identifiers_of, name_of, own, shown
from segue.runtime.asking import asked_anew, is_told, stands
from segue.runtime.parts import Driver
from segue.runtime.tenant import Tenant

Answering = Literal["allow", "hold", "deny"]
_SOURCE = "segue.gate."
_MAX_KEY = MAX_NAME - len(_SOURCE)
PURPOSES = ("commercial", "service", "mandatory")
_WAS = {"hold": "was on hold", "deny": "was denied", "released": "was released before"}


@dataclass(frozen=True, slots=True)
class GateRequest:
    """What another tool wants to send.

    Attributes:
        tool: Its name.
        key: Its idempotency key: the same key is the same question and gets the same answer, as long as
            it would be given still.
        identifiers: Of the person it wants to touch.
        purpose: `commercial`, `service` or `mandatory`.
        channel: `email`, `sms`, `whatsapp`, `phone` or `chat`.
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
        until: When a request on hold is looked at again; None while it waits for the kill switch.
    """

    answer: Answering
    because: str
    rule: str = ""
    decision_id: str = ""
    until: datetime | None = None


class Gate:
    """Answers other tools from the same policies, caps and reservations Segue's own sends meet.

    What becomes of a key is written down in `docs/gate.md`.
    """

    def __init__(self, tenant: Tenant, driver: Driver) -> None:
        self._tenant = tenant
        self._driver = driver

    async def check(self, request: GateRequest) -> GateAnswer:
        """Ask without setting anything aside; asked again, the answer is today's.

        Raises:
            SignalError: The request is malformed.
            ConflictError: The key came with another question before.
        """
        return await self._ask(request, CHECK)

    async def reserve(self, request: GateRequest) -> GateAnswer:
        """Ask and, where allowed, set the touch aside until `commit` or `release`.

        The same key gets the same answer, but an `allow` only while nothing speaks against it: otherwise it
        is taken back. A key that was committed or released is never allowed again.

        Raises:
            SignalError: The request is malformed.
            ConflictError: The key came with another question before.
        """
        return await self._ask(request, "")

    async def commit(self, tool: str, key: str) -> Accepted:
        """The tool has sent: the reserved touch is used.

        Raises:
            MissingError: The tool never reserved under this key.
            ConflictError: Nothing allowed it to send. What it sent is counted as a touch all the same.
        """
        asked, answer, _ = self._known(tool, key)
        accepted = await self._tell(Kind.GATE_COMMITTED, asked, COMMIT)
        if answer != "allow":
            raise ConflictError(
                f"gate key `{key}` {_WAS[answer]} when `{tool}` sent; it counts as a touch all the same, "
                "and the next one needs a key of its own"
            )
        return accepted

    async def release(self, tool: str, key: str) -> Accepted:
        """The tool did not send and will not under this key: the reserved touch is free again.

        Raises:
            MissingError: The tool never reserved under this key.
            ConflictError: The tool committed the key before; that stands.
        """
        asked, _, has_sent = self._known(tool, key)
        if has_sent:
            raise ConflictError(f"gate key `{key}` was committed by `{tool}` before; that stands")
        return await self._tell(Kind.GATE_RELEASED, asked, RELEASE)

    async def _ask(self, request: GateRequest, suffix: str) -> GateAnswer:
        tool, key = _tool_and_key(request.tool, request.key)
        source, source_id = f"{_SOURCE}{tool}", f"{key}{suffix}"
        draft = own(
            self._tenant.ids,
            Kind.GATE_REQUESTED,
            source,
            source_id,
            body={"tool": tool, "key": key, **_question(request), "reserve": suffix != CHECK},
            identifiers=self._identifiers(request),
        )
        receipt = None if self._asks_another(draft) else await self._driver.submit_and_step(draft)
        if receipt is None or receipt.state == "conflict":
            raise ConflictError(f"gate key `{key}` came with another question before")
        decision = self._decision(source, source_id)
        if receipt.state != "duplicate" or decision is None:
            return _answer(decision)
        return await self._again(draft, decision)

    def _asks_another(self, draft: Draft) -> bool:
        """Whether the key is taken by another question; that is told to the tool, and is no dead letter."""
        with self._tenant.store.read() as reader:
            known = reader.signal(draft.id)
        return known is not None and (known.body, known.identifiers) != (draft.body, draft.identifiers)

    async def _again(self, draft: Draft, decision: Decision) -> GateAnswer:
        """Answer a question that was asked before: what was said stands, unless it would not be said now."""
        again = asked_anew(self._tenant.ids, draft, decision.id)
        with self._tenant.store.read() as reader:
            has_sent, is_released = is_told(reader, self._tenant.ids, draft.source, str(draft.body["key"]))
            if (has_sent or is_released) and draft.body["reserve"]:
                did = "committed" if has_sent else "released"
                because = f"the tool has {did} it already; ask under another key"
                return GateAnswer("deny", because, decision_id=decision.id)
            if stands(self._tenant, reader, again, decision):
                return _answer(decision)
        await self._driver.submit_and_step(again)
        latest = self._decision(draft.source, draft.source_id)
        return _answer(latest if latest is not None and latest.id != decision.id else None)

    async def _tell(self, kind: Kind, asked: Signal, what: str) -> Accepted:
        key = str(asked.body["key"])
        draft = own(
            self._tenant.ids,
            kind,
            asked.source,
            f"{key}{what}",
            body={"key": key, **_asked_for(asked)},
            identifiers=asked.identifiers,
            trigger=asked.id,
        )
        return await self._driver.submit_and_step(draft)

    def _known(self, tool: str, key: str) -> tuple[Signal, str, bool]:
        """The request under a key, what was answered (or `released`), and whether it was committed."""
        tool, key = _tool_and_key(tool, key)
        source, ids = f"{_SOURCE}{tool}", self._tenant.ids
        with self._tenant.store.read() as reader:
            asked = reader.signal(ids.signal_id(source, key))
            if asked is None:
                raise MissingError(f"gate key `{key}` was never reserved by `{tool}`")
            decision = reader.gate_decision(source, key)
            has_sent, is_released = is_told(reader, ids, source, key)
        answer = "released" if is_released else decision.mode if decision is not None else "deny"
        return asked, answer, has_sent

    def _decision(self, source: str, source_id: str) -> Decision | None:
        with self._tenant.store.read() as reader:
            return reader.gate_decision(source, source_id)

    def _identifiers(self, request: GateRequest) -> tuple[str, ...]:
        spelt = identifiers_of(request.identifiers, self._tenant.mind)
        if all(item.partition(":")[0] in ACCOUNT_NAMESPACES for item in spelt):
            raise SignalError("identifiers: name the person the tool wants to touch")
        return spelt


def _asked_for(asked: Signal) -> dict[str, str]:
    """What the tool asked for, repeated when it tells what it did, so that the touch itself is remembered."""
    body = asked.body
    told = {name: str(body.get(name, "")) for name in ("channel", "purpose", "campaign", "brand")}
    return {"by": f"tool:{body['tool']}", **told}


def _tool_and_key(tool: str, key: str) -> tuple[str, str]:
    tool, key = name_of("tool", tool, most=_MAX_KEY), name_of("key", key, most=_MAX_KEY)
    if key.endswith(OWN_ENDINGS):
        raise SignalError(f"key `{key}`: keys that end in {', '.join(OWN_ENDINGS)} are Segue's own")
    return tool, key


def _question(request: GateRequest) -> dict[str, str | bool]:
    if request.purpose not in PURPOSES:
        raise SignalError(f"purpose `{shown(request.purpose)}` is none of {', '.join(PURPOSES)}")
    if request.channel not in CHANNELS:
        near = get_close_matches(shown(request.channel), CHANNELS, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"write one of {', '.join(CHANNELS)}"
        raise SignalError(f"channel `{shown(request.channel)}` is unknown; {hint}")
    if not isinstance(request.hold, bool):
        raise SignalError(f"hold: write true or false, not `{shown(request.hold)}`")
    return {
        "campaign": name_of("campaign", request.campaign, least=0),
        "purpose": request.purpose,
        "channel": request.channel,
        "brand": name_of("brand", request.brand, least=0),
        "hold": request.hold,
    }


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
