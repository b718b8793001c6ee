"""The story's company: the sandbox's tools, and its automation tool at the app's gate."""

from pathlib import Path
from typing import Any

from segue.bootstrap import App
from segue.connectors.sandbox import Campaign as ToolMessage
from segue.connectors.sandbox import Fault as ToolFault
from segue.connectors.sandbox import GateReply, SandboxCompany
from segue.core.ports import Clock, Connector
from segue.runtime.gate import GateRequest
from segue.simulation.cast import Person
from segue.simulation.happening import Campaign, Fault


class Company:
    """A company of the story.

    Args:
        path: File of its own memory.
        clock: The story's clock.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._sandbox = SandboxCompany(path, clock)

    @property
    def connectors(self) -> dict[str, Connector]:
        """Its tools by name."""
        return self._sandbox.connectors

    def connect(self, app: App) -> None:
        """Let the automation tool ask this app's gate."""
        self._sandbox.automation.connect(_Door(app, self._sandbox.automation.name))

    async def send(self, campaign: Campaign, person: Person) -> None:
        """A campaign's message to a person is due: the tool asks, and does as it is told."""
        message = ToolMessage(
            key=campaign.key,
            campaign=campaign.campaign,
            identifiers=(f"email:{person.email}",),
            channel=campaign.channel,
            purpose=campaign.purpose,
            brand=person.account.brand,
            text=f"{campaign.subject}\n\n{campaign.text}",
            hold=campaign.hold,
        )
        await self._sandbox.automation.send(message)

    async def settle(self) -> None:
        """Let the automation tool tell what it has sent after a hold."""
        await self._sandbox.automation.settle()

    def fault(self, fault: Fault) -> None:
        """Let one of its tools misbehave."""
        self._sandbox.fault(fault.connector, ToolFault(fault.kind, fault.times, fault.seconds))

    def sent_by_tool(self, person: Person, campaign: str) -> list[int]:
        """When the automation tool sent a campaign to a person."""
        mine = f"email:{person.email}"
        return [
            sent.at
            for sent in self._sandbox.automation.sent
            if sent.message.campaign == campaign and mine in sent.message.identifiers
        ]

    def tickets(self, person: Person) -> list[dict[str, Any]]:
        """Tickets in the helpdesk that Segue opened for a person."""
        tickets = (dict(done.arguments) for done in self._sandbox.tickets())
        return [ticket for ticket in tickets if ticket.get("requester") == person.email]

    def briefs(self) -> list[str]:
        """The briefs of the helpdesk as they stand, one for each conversation."""
        return list(self._sandbox.briefs().values())

    def notices(self) -> list[dict[str, Any]]:
        """Alerts to the humans of the company."""
        return [dict(done.arguments) for done in self._sandbox.notices()]

    def counts(self) -> dict[str, int]:
        """What was done, by connector and verb."""
        found: dict[str, int] = {}
        for done in self._sandbox.done():
            name = f"{done.connector}.{done.verb}"
            found[name] = found.get(name, 0) + 1
        sent = len(self._sandbox.automation.sent)
        return dict(sorted((found | {"automation.sent": sent}).items()))

    def close(self) -> None:
        """Close its file."""
        self._sandbox.close()


class _Door:
    """The automation tool's way to the gate, in process."""

    def __init__(self, app: App, tool: str) -> None:
        self._app, self._tool = app, tool

    async def reserve(self, message: ToolMessage) -> GateReply:
        """Ask whether a message may be sent."""
        request = GateRequest(
            tool=self._tool,
            key=message.key,
            identifiers=message.identifiers,
            purpose=message.purpose,
            channel=message.channel,
            campaign=message.campaign,
            brand=message.brand,
            hold=message.hold,
        )
        answer = await self._app.gate.reserve(request)
        return GateReply(answer.answer, answer.because)

    async def commit(self, key: str) -> None:
        """Tell that it was sent."""
        await self._app.gate.commit(self._tool, key)
