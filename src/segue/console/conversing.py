"""A form on the person's page: a colleague takes the conversation, or hands it back."""

from litestar import MediaType, post
from litestar.types import ControllerRouterHandler

from segue.console.acting import Form, act
from segue.console.paths import own_path
from segue.console.rooms import Answer, Came, Req, Rooms
from segue.console.visitors import Visitor
from segue.core.errors import InputError

_WORDS = frozenset({"claim", "hand-back"})


def conversing(rooms: Rooms) -> list[ControllerRouterHandler]:
    """The route that takes it."""

    @post("/people/{person_id:str}/conversation", media_type=MediaType.HTML)
    async def converse(person_id: str, request: Req) -> Answer:
        async def do(_came: Came, visitor: Visitor, form: Form) -> Answer:
            word = form.get("word", "")
            if word not in _WORDS:
                raise InputError("word: write `claim` or `hand-back`")
            await rooms.door.app.converse(person_id, word, by=f"rep:{visitor.user}")
            return rooms.go(own_path(form.get("back", ""), rooms.root))

        return await act(rooms, request, "rep", do)

    return [converse]
