"""The company's website in the story: visitors chat there, through the very room that the portal serves."""

import re
from dataclasses import dataclass, field

from segue.bootstrap import App, ChatRoom, DoorSettings, Entry
from segue.connectors.webchat import WebChat
from segue.core.ids import derive
from segue.core.ports import Connector, Reply, Request
from segue.privacy.vouching import signature
from segue.simulation.cast import Person
from segue.simulation.happening import Chat

_CODE = re.compile(r"\bLINK-\w{5}-\w{5}\b")

SITE = "https://www.acme.example"


class SiteOrApp:
    """The connector `chat` of the story: the website's visitors, else the chat inside the product.

    Args:
        site: Where visitors chat.
        product: The sandbox's own chat.
    """

    def __init__(self, site: WebChat, product: Connector) -> None:
        self._site, self._product = site, product
        self.name, self.verbs, self.limits = site.name, site.verbs, site.limits

    async def perform(self, request: Request) -> Reply:
        """Say it where its recipient is."""
        return await self._of(request).perform(request)

    async def look_up(self, request: Request) -> Reply | None:
        """Find it where its recipient is."""
        return await self._of(request).look_up(request)

    def _of(self, request: Request) -> Connector:
        is_visitor = self._site.book.visitor(str(request.arguments.get("to", ""))) is not None
        return self._site if is_visitor else self._product


@dataclass(slots=True)
class Website:
    """The website, with what each visitor's browser keeps."""

    app: App
    chat: WebChat
    _tokens: dict[str, str] = field(default_factory=dict)

    def code(self, person: Person) -> str:
        """The linking code in the last line of their chat that holds one; empty where none does."""
        room = ChatRoom(self.app, self.chat, DoorSettings())
        visitor = room.visitor(self._tokens.get(person.key, ""))
        lines = self.chat.book.after(visitor.id, 0) if visitor is not None else []
        found = [code for line in lines for code in _CODE.findall(line.text)]
        return str(found[-1]) if found else ""

    async def say(self, chat: Chat, person: Person) -> None:
        """Open the page, come in, and write."""
        room = ChatRoom(self.app, self.chat, DoorSettings())
        signed = signature(room.secret_of(SITE), "", person.email) if chat.vouched else ""
        entered = await room.enter(
            Entry(
                origin=SITE,
                brand=person.account.brand,
                language="en",
                token=self._tokens.get(person.key, ""),
                email=person.email,
                signature=signed,
            )
        )
        self._tokens[person.key] = entered.token
        await room.say(entered.token, derive("chat", chat.person, chat.at.isoformat()), chat.text)
