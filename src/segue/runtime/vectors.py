"""Token vectors are made beside the steps: of what comes in, and of all that was stored before the switch.

Nothing waits for them, and nothing of them is in the log: what recall gave a step is recorded. Where it was
cut off it goes on, because what is left to do is what has no vectors yet.
"""

from segue.graph.recall import packed_meaning
from segue.runtime.tenant import Tenant

AT_ONCE = 16
"""Messages read for one commit."""


class Vectors:
    """Makes token vectors of stored messages, in the order in which they came."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._model, self._after = "", 0

    def read_some(self) -> "tuple[str, list[tuple[int, bytes]]] | None":
        """Read the next messages that have none; None where there are none, or the switch is off.

        Writes nothing, so that it may run beside the writer.
        """
        encoder = self._tenant.mind.tokens
        if encoder is None:
            return None
        if self._model != encoder.model:
            self._model, self._after = encoder.model, 0
        with self._tenant.store.read() as reader:
            unread = reader.unread(self._model, self._after, AT_ONCE)
        if not unread:
            return None
        return self._model, [(one.pos, packed_meaning(encoder.tokens(one.text))) for one in unread]

    def keep(self, model: str, rows: list[tuple[int, bytes]]) -> None:
        """Keep what was read; called in the one writer.

        Raises:
            StorageError: Nothing was kept; the same are read again.
        """
        self._tenant.store.keep_vectors(model, rows)
        self._after = rows[-1][0]

    def all(self) -> bool:
        """Read and keep all there are; tells whether there were any."""
        ran = False
        while (found := self.read_some()) is not None:
            self.keep(*found)
            ran = True
        return ran
