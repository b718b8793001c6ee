"""Notes: what the runtime and the doors write into the journal, told to whoever listens as well."""

from collections.abc import Callable, Mapping
from typing import Any

from segue.runtime.tenant import Note


class Notes:
    """Passes each note on to the journal, then to those who listen.

    Args:
        journal: Keeps every note.
    """

    def __init__(self, journal: Note) -> None:
        self._journal = journal
        self._listeners: tuple[Note, ...] = ()

    def note(self, event: str, fields: Mapping[str, Any]) -> None:
        """Pass one note on; may be called from any thread."""
        self._journal(event, fields)
        for listener in self._listeners:
            listener(event, fields)

    def listen(self, listener: Note) -> Callable[[], None]:
        """Have notes told: in the writer's thread, so the listener must be quick and never raise.

        Returns:
            Ends it.
        """
        self._listeners = (*self._listeners, listener)

        def end() -> None:
            self._listeners = tuple(item for item in self._listeners if item is not listener)

        return end
