"""The port of an encoder that reads each token of a text, for recall."""

from typing import Protocol

from segue.core.records.meaning import TokenMeaning


class TokenEncoder(Protocol):
    """Turns one text into a vector for each of its tokens; the same text always gives the same ones."""

    @property
    def model(self) -> str:
        """Hash of the model."""
        ...

    def tokens(self, text: str) -> TokenMeaning:
        """Read one text."""
        ...
