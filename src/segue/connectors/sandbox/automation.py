"""An automation tool with campaigns of its own, polite enough to ask the gate before each send."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from segue.connectors.sandbox.book import Done
from segue.core.ports import Clock, Request
from segue.core.units import Instant


@dataclass(frozen=True, slots=True)
class Campaign:
    """A message the tool wants to send to one person.

    Attributes:
        key: The tool's own idempotency key of this message.
        hold: Whether the tool can wait for an answer.
    """

    key: str
    campaign: str
    identifiers: Sequence[str]
    channel: str = "email"
    purpose: Literal["commercial", "service", "mandatory"] = "commercial"
    brand: str = ""
    text: str = ""
    hold: bool = True


@dataclass(frozen=True, slots=True)
class GateReply:
    """What the gate answers: `allow`, `hold` or `deny`, and why."""

    answer: str
    because: str = ""


class GateDoor(Protocol):
    """How the tool reaches the gate, in process or over HTTP."""

    async def reserve(self, message: Campaign) -> GateReply:
        """Ask whether a message may be sent, and have its room reserved."""
        ...

    async def commit(self, key: str) -> None:
        """Tell that it was sent."""
        ...


@dataclass(frozen=True, slots=True)
class Sent:
    """A campaign message that went out."""

    message: Campaign
    at: Instant


class AutomationTool:
    """Runs its own campaigns: sends what the gate allows, keeps what is held, drops what is denied.

    Attributes:
        sent: What went out, oldest first.
        held: Messages waiting for the gate's word, by key.
        denied: Messages that were dropped, with the reason.
    """

    name = "automation"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._door: GateDoor | None = None
        self.sent: list[Sent] = []
        self.held: dict[str, Campaign] = {}
        self.denied: list[tuple[Campaign, str]] = []
        self._committing: list[str] = []

    def connect(self, door: GateDoor) -> None:
        """Let the tool ask this gate from now on."""
        self._door = door

    async def send(self, message: Campaign) -> GateReply:
        """Ask the gate for one message and do as it says.

        Raises:
            ValueError: No gate is connected.
        """
        if self._door is None:
            raise ValueError("no gate is connected")
        reply = await self._door.reserve(message)
        if reply.answer == "allow":
            self._deliver(message)
            await self._door.commit(message.key)
        elif reply.answer == "hold":
            self.held[message.key] = message
        else:
            self.denied.append((message, reply.because))
        return reply

    async def released(self, request: Request, _done: Done) -> None:
        """Hear what became of a held message: `release_hold` of the connector."""
        message = self.held.pop(str(request.arguments.get("key", "")), None)
        if message is None:
            return
        if request.arguments.get("answer") == "allow":
            self._deliver(message)
            self._committing.append(message.key)
        else:
            self.denied.append((message, str(request.arguments.get("because", ""))))

    async def settle(self) -> None:
        """Tell the gate what was sent after a hold; called outside of a dispatch."""
        while self._committing and self._door is not None:
            await self._door.commit(self._committing.pop(0))

    def _deliver(self, message: Campaign) -> None:
        self.sent.append(Sent(message, self._clock.now()))
