"""Hot reload is atomic: the new playbook is in force whole, or the old one stays in force."""

from collections.abc import Callable
from pathlib import Path

from segue.core.records.playbook import Playbook
from segue.playbook.loading import load


class LivePlaybook:
    """The playbook in force, and the directory it can be read from again.

    Args:
        directory: Loaded at once.

    Raises:
        PlaybookErrors: The directory cannot be used.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._current = load(directory)

    @property
    def current(self) -> Playbook:
        """The playbook in force: always a whole one that loaded without an error."""
        return self._current

    def reload(self, check: Callable[[Playbook], None] = lambda _: None) -> Playbook:
        """Read the directory again and put it in force; an unchanged one stays the same object.

        Args:
            check: Raises where the playbook cannot be put in force here.

        Raises:
            PlaybookErrors: A file is wrong; the old playbook stays in force.
        """
        fresh = load(self.directory)
        check(fresh)
        if fresh.hash != self._current.hash:
            self._current = fresh
        return self._current
