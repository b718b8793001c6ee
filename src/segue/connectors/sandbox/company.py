"""The sandbox company: its tools, its faults, and what can be asked of it afterwards."""

from collections.abc import Collection, Mapping
from pathlib import Path

from segue.connectors.sandbox.automation import AutomationTool
from segue.connectors.sandbox.book import Book, Done, RequestSeen
from segue.connectors.sandbox.campaigns import Campaigns
from segue.connectors.sandbox.faults import Fault, Faults
from segue.connectors.sandbox.tool import After, SandboxTool, nothing_after
from segue.core.ports import Clock, Connector
from segue.core.records.effects import EffectClass

VERBS: Mapping[str, Mapping[str, EffectClass]] = {
    "crm": {"update_record": "N", "create_task": "K"},
    "helpdesk": {"create_ticket": "K", "hand_over": "K", "brief": "N", "notify": "K"},
    "calendar": {"book": "N", "move": "N", "cancel": "N"},
    "email": {"send": "K"},
    "sms": {"send": "U"},
    "whatsapp": {"send": "U"},
    "chat": {"send": "K"},
    "automation": {"release_hold": "K", "answer_gate": "K"},
}
"""Every connector with its verbs and their effect class."""

_FILED = frozenset({"hand_over", "brief"})
"""Verbs that bring a brief."""

CHANNELS = ("email", "sms", "whatsapp", "chat")


class SandboxCompany:
    """A whole company to act in, kept in its own SQLite file.

    Args:
        path: The file; None keeps it in memory.
        clock: The clock its delays run on.
    """

    def __init__(self, path: Path | None, clock: Clock) -> None:
        self._book = Book(path)
        self._faults = Faults()
        self.automation = AutomationTool(clock, self._book)
        self._tools = {
            name: SandboxTool(
                name, verbs, book=self._book, faults=self._faults, clock=clock, after=self._after(name)
            )
            for name, verbs in VERBS.items()
        }

    @property
    def connectors(self) -> dict[str, Connector]:
        """The company's tools by name."""
        return dict(self._tools)

    def fault(self, connector: str, fault: Fault) -> None:
        """Let something go wrong."""
        self._faults.tell(connector, fault)

    def clear_faults(self, connector: str) -> None:
        """Let a connector work again."""
        self._faults.clear(connector)

    def outbox(
        self, channel: str | None = None, to: str | None = None, *, by_tool: bool = True
    ) -> list[Done]:
        """What reached customers, oldest first.

        Args:
            channel: Only over this channel.
            to: Only to this address.
            by_tool: Whether what the automation tool sent by itself counts too, as connector `automation`.
        """
        all_sent = self._book.all(*([channel] if channel else CHANNELS))
        sent = [done for done in all_sent if done.arguments.get("purpose") != "internal"]
        if by_tool:
            own = (done for done in self.automation.outbox() if channel in {None, done.arguments["channel"]})
            sent = sorted([*sent, *own], key=lambda done: done.at)
        return [done for done in sent if to is None or done.arguments.get("to") == to]

    def tickets(self) -> list[Done]:
        """Tickets in the helpdesk."""
        return [done for done in self._book.all("helpdesk") if done.verb == "create_ticket"]

    def hand_overs(self) -> list[Done]:
        """Conversations handed to a human, with their briefs."""
        return [done for done in self._book.all("helpdesk") if done.verb == "hand_over"]

    def briefs(self) -> dict[str, str]:
        """The brief of each conversation, as it stands: that of its hand-over, brought up to date since."""
        found: dict[str, str] = {}
        seen: set[str] = set()
        for request in self._book.requests():
            told, filed = request.arguments, request.verb in _FILED and request.outcome == "done"
            if filed and request.key not in seen and told.get("conversation"):
                seen.add(request.key)  # the same request again is older than what stands
                found[str(told["conversation"])] = str(told.get("brief", ""))
        return found

    def notices(self) -> list[Done]:
        """Alerts to humans."""
        return [done for done in self._book.all("helpdesk") if done.verb == "notify"]

    def tasks(self) -> list[Done]:
        """Tasks in the CRM."""
        return [done for done in self._book.all("crm") if done.verb == "create_task"]

    def events(self) -> list[Done]:
        """Calendar events that stand."""
        return [done for done in self._book.all("calendar") if not done.cancelled]

    def done(self) -> list[Done]:
        """Everything that was asked for and done, oldest first."""
        return self._book.all()

    def requests(self) -> list[RequestSeen]:
        """Every request that arrived, repeats, failures and those nobody waited for included."""
        return self._book.requests()

    def forget_person(self, keys: Collection[str], words: Collection[str]) -> None:
        """Forget somebody who is erased, in every tool.

        Args:
            keys: Of what Segue asked for them.
            words: What tells them from others, such as an address.
        """
        self._book.forget_person(keys, words)
        Campaigns(self._book).forget_person(words)

    def close(self) -> None:
        """Close the file."""
        self._book.close()

    def _after(self, name: str) -> After:
        return self.automation.released if name == "automation" else nothing_after
