"""What humans say to Segue: approvals, the kill switch, pauses, who is who, dead letters put back."""

from collections.abc import Mapping, Sequence
from typing import Any

from segue.core.encoding import digest
from segue.core.errors import InputError, MissingError
from segue.core.records.effects import Approval
from segue.core.records.events import DeadLetterReplayed
from segue.core.records.signals import Kind
from segue.runtime.admission import MAX_BODY_BYTES, Accepted, Draft, name_of, own, shown
from segue.runtime.inbox import CONFLICT
from segue.runtime.parts import Driver
from segue.runtime.tenant import Tenant


class Controls:
    """Turns what a human says into signals, so that it is decided, recorded and replayed like all else."""

    def __init__(self, tenant: Tenant, driver: Driver) -> None:
        self._tenant = tenant
        self._driver = driver

    async def approve(self, approval_id: str, by: str, text: str | None = None) -> Accepted:
        """Give an approval, with the draft as edited if `text` is given; policy is checked again.

        Raises:
            MissingError: No such approval waits.
        """
        body = {"by": name_of("by", by), "text": None if text is None else _words("text", text, least=1)}
        return await self._driver.submit_and_step(self._word(Kind.APPROVAL_GIVEN, approval_id, body))

    async def reject(self, approval_id: str, by: str, reason: str) -> Accepted:
        """Reject a draft.

        Raises:
            MissingError: No such approval waits.
        """
        body = {"by": name_of("by", by), "reason": _words("reason", reason)}
        return await self._driver.submit_and_step(self._word(Kind.APPROVAL_REJECTED, approval_id, body))

    async def control(
        self, *, by: str, kill_switch: bool | None = None, pause: str | None = None, resume: str | None = None
    ) -> Accepted:
        """Stop or release all sending, or pause or resume one play.

        Raises:
            InputError: Not exactly one of the three was given.
        """
        wanted = {"kill_switch": kill_switch, "pause": pause, "resume": resume}
        body: dict[str, str | bool] = {name: value for name, value in wanted.items() if value is not None}
        if len(body) != 1:
            raise InputError("give one of `kill_switch`, `pause`, `resume`")
        if not isinstance(body.get("kill_switch", False), bool):
            raise InputError(f"kill_switch: write true or false, not `{shown(kill_switch)}`")
        body["by"] = name_of("by", by)
        return await self._driver.submit_and_step(self._numbered(Kind.CONTROL_CHANGED, "segue.control", body))

    async def identity(self, kind: Kind, one: Sequence[str], other: Sequence[str], *, by: str) -> Accepted:
        """Say that two are one person, or that they are not.

        Args:
            kind: `identity.merge` or `identity.split`.
            one: Hashes of identifiers on the one side.
            other: ... on the other.
            by: Who says so.
        """
        body = {
            "one": list(one),
            "other": list(other),
            "by": name_of("by", by),
        }
        return await self._driver.submit_and_step(self._numbered(kind, "segue.identity", body))

    async def replay_dead_letter(self, letter_id: str) -> None:
        """Put a dead letter back into the inbox.

        Raises:
            MissingError: There is no such dead letter.
            InputError: It is a second body under a known key; its first stands.
        """
        await self._driver.call(lambda: self._put_back(letter_id))

    def _put_back(self, letter_id: str) -> None:
        tenant = self._tenant
        with tenant.store.write() as unit:
            code = next((code for known, _, code, _, _ in unit.dead_letters() if known == letter_id), None)
            if code is None:
                raise MissingError(f"no dead letter `{letter_id}`")
            if code == CONFLICT:
                raise InputError(
                    f"dead letter `{letter_id}` repeats a known key; send it under one of its own"
                )
            unit.record(DeadLetterReplayed(letter_id, tenant.time.now()))

    def _numbered(self, kind: Kind, source: str, body: Mapping[str, Any]) -> Draft:
        """A word on the whole tenant; the same again later is another one."""
        with self._tenant.store.read() as reader:
            position = reader.position()
        key = f"{position}:{digest(body, size=8)}"
        return own(self._tenant.ids, kind, source, key, body=body, subject="tenant")

    def _word(self, kind: Kind, approval_id: str, body: Mapping[str, str | None]) -> Draft:
        approval = self._approval(approval_id)
        return own(
            self._tenant.ids,
            kind,
            "segue.approval",
            f"{approval_id}:{kind.value.partition('.')[2]}",
            body={"approval": approval_id, **body},
            subject=approval.subject,
        )

    def _approval(self, approval_id: str) -> Approval:
        with self._tenant.store.read() as reader:
            waiting = reader.approvals(status="pending")
        found = next((item for item in waiting if item.id == approval_id), None)
        if found is None:
            raise MissingError(f"no approval `{approval_id}` waits; it may be decided or expired")
        return found


def _words(where: str, text: str, *, least: int = 0) -> str:
    """What a human wrote, checked and kept to the code point."""
    name_of(where, text, least=least, most=MAX_BODY_BYTES // 4)
    return text
