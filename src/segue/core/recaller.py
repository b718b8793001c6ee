"""The port of what is read before a message is: earlier messages that answer it, and names it may hold."""

from typing import Protocol

from segue.core.records.memory import Message


class Recaller(Protocol):
    """Finds messages of one person, over all channels."""

    def recall(self, person_id: str, query: str, limit: int = 10) -> list[tuple[Message, int]]:
        """Messages of one person that answer `query` best, with a score in millionths."""
        ...

    def on_record(self, person_id: str) -> tuple[str, ...]:
        """Names and addresses held as facts of a person and of the members of their account, sorted."""
        ...

    def recalled(self, signal_id: str) -> tuple[tuple[Message, int], ...]:
        """What was recalled for a signal before its step, best first, as far as it is still there."""
        ...
