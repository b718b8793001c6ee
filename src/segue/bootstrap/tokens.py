"""The token encoder that ships, loaded by the first text it reads; it remembers the last few texts.

A message is asked with before its step and kept after it: the second time costs nothing.
"""

from collections import OrderedDict
from functools import cache
from threading import Lock

from segue.core.records.meaning import TokenMeaning
from segue.core.token_encoder import TokenEncoder
from segue.encoder import OnnxTokenEncoder

_KEPT = 64


class LastTokens:
    """A token encoder that remembers what it read last; may be asked by several threads.

    Args:
        encoder: What reads.
    """

    def __init__(self, encoder: TokenEncoder) -> None:
        self._encoder = encoder
        self._last: OrderedDict[str, TokenMeaning] = OrderedDict()
        self._lock = Lock()

    @property
    def model(self) -> str:
        """Hash of the model."""
        return self._encoder.model

    def tokens(self, text: str) -> TokenMeaning:
        """Read one text."""
        with self._lock:
            found = self._last.get(text)
        if found is None:
            found = self._encoder.tokens(text)
            with self._lock:
                self._last[text] = found
                if len(self._last) > _KEPT:
                    self._last.popitem(last=False)
        return found


@cache
def shipped_tokens() -> LastTokens:
    """The one that ships, one for all of the process."""
    return LastTokens(OnnxTokenEncoder())
