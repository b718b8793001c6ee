"""The ladder of structured output: the strictest way a server knows, remembered once it has worked."""

from typing import Final, Literal

Rung = Literal["json_schema", "json_object", "prompted"]
RUNGS: Final[tuple[Rung, ...]] = ("json_schema", "json_object", "prompted")


class Ladder:
    """Which rung each server and model takes; kept in memory, so that a newer server is tried anew."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Rung] = {}

    def first(self, url: str, model: str) -> Rung:
        """Where to begin: the rung that worked, else the topmost."""
        return self._known.get((url, model), RUNGS[0])

    def worked(self, url: str, model: str, rung: Rung) -> None:
        """Remember what worked."""
        self._known[url, model] = rung

    def refused(self, url: str, model: str) -> None:
        """Forget what worked: the server is another one now."""
        self._known.pop((url, model), None)


def below(rung: Rung) -> Rung | None:
    """The next rung down, or None.

    >>> below("json_schema"), below("prompted")
    ('json_object', None)
    """
    index = RUNGS.index(rung) + 1
    return RUNGS[index] if index < len(RUNGS) else None
