"""The synchronous parts of a runtime, and the shell that drives them on a live or a virtual clock."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from segue.core.ports import Connector
from segue.core.units import Instant
from segue.runtime.admission import Accepted, Draft
from segue.runtime.dispatch import DEADLINE_S, Dispatcher
from segue.runtime.inbox import Inbox
from segue.runtime.retaining import Retaining
from segue.runtime.steps import Steps
from segue.runtime.tenant import Tenant
from segue.runtime.timers import Timers
from segue.runtime.vectors import Vectors

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Parts:
    """One tenant's inbox, steps, timers, dispatcher, token vectors and retention."""

    tenant: Tenant
    inbox: Inbox
    steps: Steps
    timers: Timers
    dispatcher: Dispatcher
    vectors: Vectors
    retaining: Retaining

    @classmethod
    def of(
        cls, tenant: Tenant, connectors: Mapping[str, Connector], *, deadline_s: float = DEADLINE_S
    ) -> "Parts":
        """Make the parts of one tenant."""
        dispatcher = Dispatcher(tenant, connectors, deadline_s=deadline_s)
        return cls(
            tenant,
            Inbox(tenant),
            Steps(tenant),
            Timers(tenant),
            dispatcher,
            Vectors(tenant),
            Retaining(tenant),
        )


class Driver(Protocol):
    """The thin asynchronous shell around the parts."""

    @property
    def is_running(self) -> bool:
        """Whether it takes signals in."""
        ...

    async def start(self) -> None:
        """Settle what a crash left open, then take up work."""
        ...

    async def stop(self) -> None:
        """Take in nothing more, step what was accepted, wait for running calls, then end."""
        ...

    async def submit(self, drafts: Sequence[Draft]) -> list[Accepted]:
        """Accept drafts; they are on disk when it returns.

        Raises:
            BusyError: The runtime is stopping or too much waits; nothing was accepted.
            StorageError: Nothing was accepted.
        """
        ...

    async def submit_and_step(self, draft: Draft) -> Accepted:
        """Accept one draft and return when it has been stepped or laid aside."""
        ...

    async def settle(self, until: Instant | None = None) -> None:
        """Return when nothing is left to do: now, or by `until`."""
        ...

    async def call(self, function: Callable[[], T]) -> T:
        """Run a function that writes in the one writer, then take up what it left pending."""
        ...
