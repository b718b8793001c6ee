"""Asking again: whether an answer of the gate still stands, found out without writing anything."""

from segue.core.errors import SegueError
from segue.core.ids import IdKey
from segue.core.ports import Reader
from segue.core.records.context import TENANT
from segue.core.records.decisions import Decision
from segue.core.records.gate import AGAIN, COMMIT, RELEASE
from segue.core.records.signals import Kind, Signal
from segue.runtime.admission import Draft, own
from segue.runtime.stepping import lane_of, link_of, step_of
from segue.runtime.tenant import Tenant

_LOOKED_AT = 64
"""Of more signals than these that wait, one is taken to concern the request."""


def asked_anew(ids: IdKey, draft: Draft, decision_id: str) -> Draft:
    """The question of a draft as one that was answered by a decision; once for each answer."""
    return own(
        ids,
        Kind.GATE_REQUESTED,
        draft.source,
        f"{draft.source_id}:{decision_id}{AGAIN}",
        body=draft.body,
        identifiers=draft.identifiers,
        trigger=draft.id,
    )


def is_told(reader: Reader, ids: IdKey, source: str, key: str) -> tuple[bool, bool]:
    """Whether the tool said of a key that it has sent, and whether it said that it will not."""
    committed = reader.signal(ids.signal_id(source, f"{key}{COMMIT}")) is not None
    return committed, reader.signal(ids.signal_id(source, f"{key}{RELEASE}")) is not None


def stands(tenant: Tenant, reader: Reader, again: Draft, decision: Decision) -> bool:
    """Whether a decision would be made again, with what is known now.

    A reservation is only ever taken back here: what was held or denied stands until its hold is looked at
    again, so that a request delivered twice takes no room that nobody gives back. A check takes none, and is
    answered anew whenever the answer would be another one.
    """
    if again.body["reserve"] and decision.mode != "allow":
        return True
    signal = again.received(tenant.time.now())
    if _is_awaited(tenant, reader, signal):
        return False
    try:
        now = step_of(reader, tenant.mind, tenant.ids, signal, None)
    except SegueError:
        return False
    same = now.decision is not None and now.decision.mode == decision.mode
    return same and not now.reservations


def _is_awaited(tenant: Tenant, reader: Reader, signal: Signal) -> bool:
    """Whether something is acknowledged but not yet taken up that may change the answer."""
    waiting = reader.pending(_LOOKED_AT, history_share=_LOOKED_AT)
    if len(waiting) == _LOOKED_AT:
        return True
    own_lane = lane_of(reader, link_of(reader, tenant.mind, tenant.ids, signal))
    lanes = {lane_of(reader, link_of(reader, tenant.mind, tenant.ids, item.signal)) for item in waiting}
    return bool(lanes & {own_lane, TENANT})
