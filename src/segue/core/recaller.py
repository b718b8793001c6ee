"""The port of recall: which of a person's messages answer a question."""

from typing import Protocol

from segue.core.records.memory import Message


class Recaller(Protocol):
    """Finds messages of one person, over all channels."""

    def recall(self, person_id: str, query: str, limit: int = 10) -> list[tuple[Message, int]]:
        """Messages of one person that answer `query` best, with a score in millionths."""
        ...

    def recalled(self, signal_id: str) -> tuple[tuple[Message, int], ...]:
        """What was recalled for a signal before its step, best first, as far as it is still there."""
        ...
