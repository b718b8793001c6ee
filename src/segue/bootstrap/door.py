"""The sandbox's automation tool reaches the gate through here, as another company's tool would over HTTP."""

from segue.connectors.sandbox import Campaign, GateReply
from segue.runtime.gate import Gate, GateRequest


class SandboxDoor:
    """Speaks the sandbox's words on one side and the gate's on the other."""

    def __init__(self, gate: Gate, tool: str = "automation") -> None:
        self._gate = gate
        self._tool = tool

    async def reserve(self, message: Campaign) -> GateReply:
        """Ask whether a message may be sent, and have its room reserved."""
        answer = await self._gate.reserve(
            GateRequest(
                tool=self._tool,
                key=message.key,
                identifiers=message.identifiers,
                purpose=message.purpose,
                channel=message.channel,
                campaign=message.campaign,
                brand=message.brand,
                hold=message.hold,
            )
        )
        return GateReply(answer.answer, answer.because)

    async def commit(self, key: str) -> None:
        """Tell that it was sent."""
        await self._gate.commit(self._tool, key)
