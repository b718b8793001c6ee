"""The sandbox company: CRM, helpdesk, calendar, e-mail, SMS, WhatsApp, chat and an automation tool."""

from segue.connectors.sandbox.automation import AutomationTool, GateDoor, GateReply, Sent
from segue.connectors.sandbox.book import Done, RequestSeen
from segue.connectors.sandbox.campaigns import Campaign
from segue.connectors.sandbox.company import SandboxCompany
from segue.connectors.sandbox.faults import Fault

__all__ = [
    "AutomationTool",
    "Campaign",
    "Done",
    "Fault",
    "GateDoor",
    "GateReply",
    "RequestSeen",
    "SandboxCompany",
    "Sent",
]
