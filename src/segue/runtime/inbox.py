"""The inbox: what waits is accepted in one commit, and acknowledged only after it."""

from collections.abc import Sequence

from segue.core.errors import ConflictError
from segue.core.ports import AcceptState, Unit
from segue.core.records.signals import Signal
from segue.runtime.admission import Accepted, Draft
from segue.runtime.tenant import Tenant, TenantTime

CONFLICT = "conflict"
"""Code of the dead letter in which the store keeps a second body under a known key."""


class Inbox:
    """Accepts drafts durably; synchronous, called by the one writer."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def accept_batch(self, drafts: Sequence[Draft]) -> list[Accepted]:
        """Accept drafts in one transaction; when it returns they are on disk.

        Raises:
            StorageError: Nothing was accepted.
        """
        with self._tenant.store.write() as unit:
            receipts = self.accept_in(unit, drafts)
        self._tenant.hook("after_accept_commit")
        return receipts

    def accept_in(self, unit: Unit, drafts: Sequence[Draft]) -> list[Accepted]:
        """Accept drafts in a running transaction; what is returned holds once it has been committed."""
        receipts = [self._accept(unit, draft) for draft in drafts]
        self._tenant.hook("before_accept_commit")
        return receipts

    def _accept(self, unit: Unit, draft: Draft) -> Accepted:
        signal, state = accept(unit, draft, self._tenant.time)
        if state != "conflict":
            return Accepted(signal.id, state)
        error = ConflictError(
            f"`{draft.source_id}` of source `{draft.source}` came with another body before; the first stands"
        )
        return Accepted(signal.id, state, error)


def accept(unit: Unit, draft: Draft, time: TenantTime) -> tuple[Signal, AcceptState]:
    """Accept one draft in a running transaction, received at the tenant's next instant."""
    signal = draft.received(time.next())
    state = unit.accept(signal)
    if state == "accepted":
        time.use(signal.received_at)
    return signal, state
