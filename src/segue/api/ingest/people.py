"""Who an event of a foreign client is about: ids and traits become identifiers and facts."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from segue.core.errors import SegueError

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_WORD = re.compile(r"[^a-z0-9]+")
_ADDRESS = (("country", "country"), ("region", "state"), ("city", "city"))
_IDENTIFYING = ("email", "phone")


@dataclass(frozen=True, slots=True)
class Facing:
    """What an adapter must know of the tenant.

    Attributes:
        spell: Spells identifiers one way; raises `SignalError` for what is none.
        texts: Names of declared facts that are text, by root (`person`, `account`).
        outcomes: Names of declared outcomes.
    """

    spell: Callable[[Iterable[str]], tuple[str, ...]]
    texts: Mapping[str, frozenset[str]]
    outcomes: frozenset[str]

    def identifiers(self, *pairs: tuple[str, object]) -> list[str]:
        """Ids that are there, by namespace; what is no address is left out, since ids stand beside it."""
        found = []
        for namespace, value in pairs:
            text = _id(value)
            if text and (namespace not in _IDENTIFYING or self._is_spelt(f"{namespace}:{text}")):
                found.append(f"{namespace}:{text}")
        return list(dict.fromkeys(found))

    def _is_spelt(self, identifier: str) -> bool:
        try:
            return bool(self.spell([identifier]))
        except SegueError:
            return False

    def facts(self, root: str, traits: Mapping[str, Any]) -> dict[str, Any]:
        """Traits as facts: names in snake case, one full name, the parts of an address on their own.

        A number under a fact that is declared as text becomes text; whatever else does not fit its
        declaration makes the signal a dead letter, where it can be seen.
        """
        told = {snake(name): value for name, value in traits.items() if value is not None}
        address = told.pop("address", None)
        if isinstance(address, Mapping):
            parts = {name: address.get(part) for name, part in _ADDRESS if address.get(part) is not None}
            told = {**parts, **told}
        names = [told[part] for part in ("first_name", "last_name") if isinstance(told.get(part), str)]
        if names and "name" not in told:
            told["name"] = " ".join(names)
        texts = self.texts.get(root, frozenset())
        return {name: _text(value) if name in texts else value for name, value in told.items()}


def snake(name: str) -> str:
    """A trait's name as a predicate is written.

    >>> snake("firstName"), snake("Plan Name")
    ('first_name', 'plan_name')
    """
    return _NO_WORD.sub("_", _HUMP.sub("_", name).lower()).strip("_")


def mapping(value: object) -> Mapping[str, Any]:
    """The value, if it is an object; else an empty one."""
    return value if isinstance(value, dict) else {}


def _id(value: object) -> str:
    """An id as text; clients send numbers, null and blanks too."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip() if isinstance(value, str) or value.bit_length() <= _ID_BITS else ""


_ID_BITS = 128


def _text(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str | list | dict) else str(value)
