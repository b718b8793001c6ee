"""An automation tool with campaigns of its own, polite enough to ask the gate before each send."""

from dataclasses import dataclass
from typing import Protocol

from segue.connectors.sandbox.book import Book, Done
from segue.connectors.sandbox.campaigns import Campaign, Campaigns, as_done
from segue.core.ports import Clock, Request
from segue.core.units import Instant


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

    Args:
        clock: Tells when a message goes out.
        book: The company's memory; what is held, sent, denied or owed to the gate outlives a restart in it.
    """

    name = "automation"

    def __init__(self, clock: Clock, book: Book | None = None) -> None:
        self._clock = clock
        self._campaigns = Campaigns(book or Book(None))
        self._door: GateDoor | None = None
        self._asking: set[str] = set()

    @property
    def sent(self) -> list[Sent]:
        """What went out, oldest first."""
        return [Sent(kept.message, kept.at) for kept in self._campaigns.at_stage("sent")]

    @property
    def held(self) -> dict[str, Campaign]:
        """Messages waiting for the gate's word, by key."""
        return {kept.message.key: kept.message for kept in self._campaigns.at_stage("held")}

    @property
    def denied(self) -> list[tuple[Campaign, str]]:
        """Messages that were dropped, with the reason."""
        return [(kept.message, kept.because) for kept in self._campaigns.at_stage("denied")]

    def connect(self, door: GateDoor) -> None:
        """Let the tool ask this gate from now on."""
        self._door = door

    async def send(self, message: Campaign) -> GateReply:
        """Ask the gate for one message and do as it says; a key that was settled is not asked again.

        Raises:
            ValueError: No gate is connected.
        """
        door = self._connected()
        kept = self._campaigns.keep(message, self._clock.now())
        if kept.stage == "sent":
            return GateReply("allow")
        if kept.stage == "denied":
            return GateReply("deny", kept.because)
        return await self._ask(door, kept.message)

    async def released(self, request: Request, _done: Done) -> None:
        """Hear what became of a held message: `release_hold` of the connector; again changes nothing."""
        said = {name: str(request.arguments.get(name, "")) for name in ("key", "answer", "because")}
        if said["answer"] == "allow":
            self._campaigns.move(said["key"], "sent", self._clock.now())
        else:
            self._campaigns.move(said["key"], "denied", self._clock.now(), said["because"])

    async def settle(self) -> None:
        """Tell the gate what is owed to it, and ask again what it never answered; not within a dispatch."""
        if self._door is None:
            return
        for key in self._campaigns.owed():
            await self._tell(self._door, key)
        for kept in self._campaigns.at_stage("asked"):
            if kept.message.key not in self._asking:
                await self._ask(self._door, kept.message)

    def outbox(self) -> list[Done]:
        """What went out, oldest first, in the words of what happened in the company."""
        return [as_done(kept, self.name) for kept in self._campaigns.at_stage("sent")]

    async def _ask(self, door: GateDoor, message: Campaign) -> GateReply:
        self._asking.add(message.key)
        try:
            reply = await door.reserve(message)
        finally:
            self._asking.discard(message.key)
        now = self._clock.now()
        if reply.answer == "allow":
            self._campaigns.move(message.key, "sent", now)
            await self._tell(door, message.key)
        elif reply.answer == "hold":
            self._campaigns.move(message.key, "held", now)
        else:
            self._campaigns.move(message.key, "denied", now, reply.because)
        return reply

    async def _tell(self, door: GateDoor, key: str) -> None:
        await door.commit(key)
        self._campaigns.told(key)

    def _connected(self) -> GateDoor:
        if self._door is None:
            raise ValueError("no gate is connected")
        return self._door
