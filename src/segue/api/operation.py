"""An operation: one thing that may be asked of the API, from which route and documentation are both made."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

import msgspec

from segue.api.access import Caller
from segue.stores.doors import Scope

Q = TypeVar("Q")
B = TypeVar("B")

Taking = Literal["nothing", "shaped", "foreign"]


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """No query parameters, or no body."""


@dataclass(frozen=True, slots=True)
class Asked(Generic[Q, B]):
    """One request, checked.

    Attributes:
        caller: Whose key it shows.
        path: Parts of the path by name.
        query: The query parameters.
        body: The body, where the operation gives it a shape.
        raw: The body's bytes, where a foreign client gives it a shape of its own.
        headers: By lower-case name.
    """

    caller: Caller
    path: Mapping[str, str]
    query: Q
    body: B
    raw: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation(Generic[Q, B]):
    """What may be asked, what it takes, and what it answers.

    Attributes:
        name: Stable id in the OpenAPI document.
        path: With `{parts}` in braces.
        scope: What a key must be allowed.
        run: Does it; a plain function runs in a thread of its own.
        answers: Struct of the answer.
        query: Struct of the query parameters.
        takes: Type of the body; None for no body or a foreign one.
        documented: The same body told more closely, where `run` checks more than its type can say.
        foreign: Whether the body has the shape of a foreign client: `run` reads `Asked.raw`.
        key_in_body: Finds the API key in a foreign body, where the headers show none.
        media: Media types of a foreign body, each with the type it is documented as; None is any JSON.
        fails: HTTP statuses it may answer with besides those that any operation may.
        parts: Description and pattern of each part of the path.
    """

    method: Literal["GET", "POST", "PUT"]
    path: str
    name: str
    summary: str
    scope: Scope
    run: Callable[[Asked[Q, B]], Awaitable[object]] | Callable[[Asked[Q, B]], object]
    answers: Any
    query: type[Q] = Nothing  # type: ignore[assignment]  # a type variable has no default before Python 3.13
    takes: Any = None
    documented: Any = None
    foreign: bool = False
    key_in_body: Callable[[bytes], str] | None = None
    media: Mapping[str, Any] = field(default_factory=lambda: {"application/json": None})
    fails: tuple[int, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_idempotent_by_key(self) -> bool:
        """Whether an `Idempotency-Key` is honoured: where something is done in Segue's own words."""
        return self.method != "GET" and not self.foreign
