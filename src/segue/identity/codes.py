"""Linking codes: made from an effect's id and the id key, so that no log ever holds one in the clear.

A code is known three times and kept nowhere: the step that offers it notes its hash, the connector's request
gets it in place of the stand-in, and of a message that brings one back the hash is taken before it is stored.
"""

import re
from collections.abc import Mapping
from typing import Any

from segue.core.ids import IdKey

STAND_IN = "LINK-00000-00000"
"""What stands for a code in drafts, in the log and on every page."""

FIELD = "link_code"
"""Field of a message's body that holds the hash of the code it brought."""

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_DIGITS = "0123456789abcdefghijklmnopqrstuv"
_WRITTEN = str.maketrans(_DIGITS, _LETTERS)
_READ = str.maketrans("ILOU", "110V")
_HALF = 5
_CODE = re.compile(r"(?<![A-Z0-9])LINK[-\s]?([A-Z0-9]{5})[-\s]?([A-Z0-9]{5})(?![A-Z0-9])", re.IGNORECASE)


def code_of(ids: IdKey, effect_id: str) -> str:
    """The code that one effect offers: 50 bits, without letters that are easily taken for others.

    >>> code_of(IdKey(b"0123456789abcdef"), "e1") == code_of(IdKey(b"0123456789abcdef"), "e1")
    True
    """
    drawn = ids.mark("link-code", effect_id)[: 2 * _HALF].translate(_WRITTEN)
    return f"LINK-{drawn[:_HALF]}-{drawn[_HALF:]}"


def hash_of(ids: IdKey, code: str) -> str:
    """What is kept of a code."""
    return ids.mark("link-code-hash", code)


def is_offered(arguments: Mapping[str, Any]) -> bool:
    """Whether the text of an effect offers a code."""
    return STAND_IN in str(arguments.get("text", ""))


def filled(ids: IdKey, effect_id: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments with the code in place of its stand-in, for the connector alone."""
    text = str(arguments["text"]).replace(STAND_IN, code_of(ids, effect_id))
    return {**arguments, "text": text}


def hidden(ids: IdKey, body: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a message with a stand-in for every code, and the hash of the first one it brought.

    >>> key = IdKey(b"0123456789abcdef")
    >>> hidden(key, {"text": "here: link-7k2qf-4mdx0"})["text"]
    'here: LINK-00000-00000'
    """
    texts = {name: value for name, value in body.items() if isinstance(value, str) and name != FIELD}
    found = {name: match for name, text in texts.items() if (match := _CODE.search(text)) is not None}
    kept = {name: value for name, value in body.items() if name != FIELD}
    if not found:
        return kept
    first = found.get("text") or next(iter(found.values()))
    code = f"LINK-{_spelt(first[1])}-{_spelt(first[2])}"
    return {
        **kept,
        **{name: _CODE.sub(STAND_IN, texts[name]) for name in found},
        FIELD: hash_of(ids, code),
    }


def _spelt(part: str) -> str:
    return part.upper().translate(_READ)
