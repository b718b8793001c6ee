"""The ports of what is read before a message is: earlier messages that answer it, and names it may hold."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from segue.core.records.memory import Message
from segue.core.token_encoder import TokenEncoder
from segue.core.units import Instant


@dataclass(frozen=True, slots=True)
class Recall:
    """Messages that answer best, best first, each with a score in millionths.

    Attributes:
        model: Hash of the model whose token vectors were compared; empty where words alone decided.
    """

    found: tuple[tuple[Message, int], ...] = ()
    model: str = ""

    def __bool__(self) -> bool:
        """Whether anything was found."""
        return bool(self.found)


NOTHING = Recall()


@dataclass(frozen=True, slots=True)
class Unread:
    """A message that has no token vectors yet, by its place in the store; `text` as recall reads it."""

    pos: int
    text: str


class Recaller(Protocol):
    """Finds messages of one person, over all channels."""

    def recall(
        self, person_id: str, query: str, limit: int = 10, encoder: TokenEncoder | None = None
    ) -> Recall:
        """Messages of one person that answer `query` best; with an encoder by token vectors, too."""
        ...

    def on_record(self, person_id: str) -> tuple[str, ...]:
        """Names and addresses held as facts of a person and of the members of their account, sorted."""
        ...

    def recalled(self, signal_id: str) -> Recall:
        """What was recalled for a signal before its step, as far as it is still there."""
        ...

    def unread(self, model: str, after: int, limit: int) -> list[Unread]:
        """Messages behind a place that have no token vectors of this model, in the order of their places."""
        ...


class Keeper(Protocol):
    """Keeps token vectors, which are in no log, and lets go of words that were kept for long enough."""

    def expire(self, at: Instant, cuts: Mapping[str, Instant], held: Collection[str] = ()) -> object:
        """Take words out of log, projections and files; see `segue.privacy.expiring`.

        Args:
            at: When.
            cuts: What was recorded before which instant goes, by class of data.
            held: Subjects whose events stay as they are.

        Raises:
            StorageError: The disk is full, or a reader keeps old pages in use: it is begun again.
        """
        ...

    def keep_vectors(self, model: str, rows: Sequence[tuple[int, bytes]]) -> None:
        """Keep packed vectors of messages by place; those of another model go.

        Raises:
            StorageError: Nothing was kept.
        """
        ...
