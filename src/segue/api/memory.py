"""Memory over HTTP: what is known of a person, item by item, corrected or forgotten by a named human."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from segue.api import shapes, telling
from segue.api.handling import caller_of
from segue.api.operation import Asked, Operation
from segue.api.people import WHO, AtQuery
from segue.bootstrap import App
from segue.bootstrap.correcting import Correction
from segue.bootstrap.memories import memory_card
from segue.core.predicates import Group, Tell

_By = Annotated[str, Meta(max_length=200, description="Who says so; the name of the key if not given.")]
_Why = Annotated[str, Meta(min_length=1, max_length=2_000, description="Why, in their words.")]
_Item = Annotated[str, Meta(min_length=1, max_length=200, description="Name of the item.")]
_Which = Annotated[str, Meta(max_length=200, description="Which one, where it has several values.")]


class MemoryItem(shapes.Shape, frozen=True):
    """One thing that is known of a person.

    Attributes:
        words: The words it was read in, or why a human set it.
        confidence: How sure it is, after what fades has faded.
        tell: Who may be told of it: the `person` and our colleagues, other contacts of the `account` as well,
            our `staff` alone, or `nobody`.
        may: What can be done with it by `POST .../memory/correct` and `POST .../memory/forget`.
        correct: What to do where it is wrong.
    """

    group: Group
    title: str
    subject: Literal["profile", "account"]
    predicate: str
    qualifier: str
    value: Any
    trust: Literal["claimed", "verified"]
    valid_from: datetime
    valid_to: datetime | None
    signal_id: str
    source: str
    source_id: str
    words: str
    state: str
    confidence: float
    tell: Tell
    may: list[Literal["correct", "forget"]]
    correct: str


class Kept(shapes.Shape, frozen=True):
    """Until when words of a person are kept.

    Attributes:
        days: By class of data (`messages`, `percepts`, `page_views`); null is for ever.
        held: Whether everything stays, however old it is.
        next_at: When words of their messages go next; null where none will.
    """

    days: dict[str, int | None]
    held: bool
    next_at: datetime | None


class MemoryCard(shapes.Shape, frozen=True):
    """What is known of a person, by group, and until when words of theirs are kept."""

    person_id: str
    items: list[MemoryItem]
    kept: Kept


class Amount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Money in minor units."""

    amount: int
    currency: str


class Correct(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Set an item anew; a time is ISO 8601."""

    predicate: _Item
    value: bool | int | str | list[str] | Amount
    why: _Why
    by: _By = ""
    qualifier: _Which = ""
    of: Literal["person", "account"] = "person"


class Forget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Have an item forgotten."""

    predicate: _Item
    why: _Why
    by: _By = ""
    qualifier: _Which = ""
    of: Literal["person", "account"] = "person"


def memory_operations(app: App) -> list[Operation[Any, Any]]:
    """The memory card: read, correct, forget."""

    def card(asked: Asked[AtQuery, None]) -> MemoryCard:
        query = asked.query
        found = memory_card(
            app,
            asked.path["who"],
            as_of=query.as_of or None,
            known_at=query.known_at or None,
            playbook=app.playbook,
        )
        return telling.shown(found, MemoryCard, app.reporting)

    async def correct(asked: Asked[Any, Correct]) -> shapes.Receipt:
        value = asked.body.value
        return await said(asked, msgspec.structs.asdict(value) if isinstance(value, Amount) else value)

    async def forget(asked: Asked[Any, Forget]) -> shapes.Receipt:
        return await said(asked, None)

    async def said(asked: "Asked[Any, Correct] | Asked[Any, Forget]", value: object) -> shapes.Receipt:
        body = asked.body
        by = body.by or caller_of(asked)
        told = Correction(body.predicate, value, by, body.why, body.qualifier, body.of)
        return telling.receipt(await app.correct(asked.path["who"], told))

    parts = {"who": WHO}
    one = "/v1/people/{who}/memory"
    return [
        Operation(
            *("GET", one, "read_memory", "Read what is known of a person, item by item.", "read", card),
            answers=MemoryCard,
            query=AtQuery,
            fails=(404,),
            parts=parts,
        ),
        Operation(
            *("POST", f"{one}/correct", "correct_memory", "Correct an item.", "act", correct),
            answers=shapes.Receipt,
            takes=Correct,
            fails=(404, 422),
            parts=parts,
        ),
        Operation(
            *("POST", f"{one}/forget", "forget_memory", "Have an item forgotten.", "act", forget),
            answers=shapes.Receipt,
            takes=Forget,
            fails=(404, 422),
            parts=parts,
        ),
    ]
