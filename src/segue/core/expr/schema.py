"""Which facts an expression may name, of which type, and what their absence means."""

import difflib
import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Self, TypeAlias

Value: TypeAlias = bool | int | str | tuple[str, ...] | list[str] | frozenset[str]
"""What a fact holds: every number is an integer, never a float."""

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\.[A-Za-z_][A-Za-z0-9_]*")


class Type(StrEnum):
    """What kind of value a fact or an expression has, with the unit of the numbers.

    `PPM` is a probability or ratio in millionths, `MONEY` micro-units of the reporting currency,
    `DURATION` seconds, `INSTANT` microseconds since 1970 in UTC.
    """

    BOOL = "bool"
    INT = "int"
    PPM = "ppm"
    TEXT = "text"
    TEXT_LIST = "list[text]"
    MONEY = "money"
    DURATION = "duration"
    INSTANT = "instant"

    def accepts(self, value: object) -> bool:
        """Tell whether a value may stand for a fact of this type, to check it once at the edge.

        >>> Type.INT.accepts(3), Type.INT.accepts(True), Type.TEXT_LIST.accepts(["a"])
        (True, False, True)
        """
        if self is Type.BOOL:
            return isinstance(value, bool)
        if self is Type.TEXT:
            return isinstance(value, str)
        if self is Type.TEXT_LIST:
            return isinstance(value, tuple | list | frozenset) and all(isinstance(v, str) for v in value)
        return isinstance(value, int) and not isinstance(value, bool)


class World(StrEnum):
    """What it means that a fact is not on record.

    `CLOSED`: we would know, so absence is the default (no open ticket on record means none).
    `OPEN`: we may simply not know, so absence is unknown (no consent on record is no refusal).
    """

    CLOSED = "closed"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class FactDecl:
    """One fact that expressions may name.

    Args:
        name: Two words with a dot, such as `account.health`.
        type: Type and unit of the value.
        world: Whether absence is the default or unknown.
        default: Value where a closed-world fact is absent; open-world facts have none.
        doc: One line for the author of a playbook.

    Raises:
        ValueError: The name is no fact name, or the default does not fit type and world.
    """

    name: str
    type: Type
    world: World = World.OPEN
    default: Value | None = None
    doc: str = ""

    def __post_init__(self) -> None:
        words = self.name.split(".")
        if not _NAME.fullmatch(self.name) or any(keyword.iskeyword(word) for word in words):
            raise ValueError(f"`{self.name}` is no fact name; write two words, such as `account.health`")
        if self.world is World.OPEN and self.default is not None:
            raise ValueError(f"fact `{self.name}`: an open-world fact has no default")
        if self.world is World.CLOSED and not self.type.accepts(self.default):
            raise ValueError(f"fact `{self.name}`: default `{self.default!r}` is no {self.type}")


@dataclass(frozen=True, slots=True)
class FactSchema:
    """All facts that the expressions of one playbook may name, by full name."""

    facts: Mapping[str, FactDecl]

    @classmethod
    def of(cls, *facts: FactDecl) -> Self:
        """Collect declarations.

        Raises:
            ValueError: Two of them have one name.
        """
        by_name: dict[str, FactDecl] = {}
        for fact in facts:
            if by_name.setdefault(fact.name, fact) is not fact:
                raise ValueError(f"fact `{fact.name}` is declared twice")
        return cls(MappingProxyType(by_name))

    def closest(self, name: str) -> str | None:
        """Find the declared name that an unknown one was probably meant to be.

        >>> FactSchema.of(FactDecl("account.health", Type.INT)).closest("acount.health")
        'account.health'
        """
        same_end = [known for known in sorted(self.facts) if known.endswith(f".{name.rpartition('.')[2]}")]
        pool = difflib.get_close_matches(name, sorted(self.facts), n=1, cutoff=0.8) or same_end
        return pool[0] if pool else None
