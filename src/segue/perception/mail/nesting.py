"""How long a parser would work on HTML, told beforehand by a count of tags that takes time in proportion.

A parser's time grows with the square of how deep tags nest. And at each block it opens again all formatting
that was never closed (HTML, "reconstruct the active formatting elements"): a hundred `<b>` before ten
thousand paragraphs are a million elements, from 100 kB. Where it is not sure what a parser would do, the
count tells too much and not too little.
"""

import re
from collections import Counter

_DEEPEST, _MOST_REOPENED = 800, 200_000
_RAW = "textarea|title|style|script|xmp|iframe|noembed|noframes"
_NO_TAGS = re.compile(rf"<!--.*?(?:-->|\Z)|<[?!][^>]*|<({_RAW})\b.*?(?:</\1|\Z)", re.DOTALL | re.IGNORECASE)
"""Comments, what a parser takes for one, and what holds text alone."""

_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>]*)(?:=\s*"[^"]*"|=\s*'[^']*'|[^>])*+>?""")
_FORMATTING = frozenset(
    ("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")
)
_WALLS = frozenset(("table", "noscript", "select", "template", "object", "applet", "marquee", "svg", "math"))
"""A closing tag inside of one closes nothing that was opened outside."""

_UNCLOSED = frozenset(
    (
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "p", "li", "td",
        "th", "tr", "param", "source", "wbr",
    )
)  # fmt: skip


def takes_long(html: str) -> bool:
    """Whether HTML nests deeper, or opens more again, than that of any mail.

    >>> takes_long("<p><b>Hello</b> Ann"), takes_long("<div>" * 1_000)
    (False, True)
    """
    count = _Count()
    for found in _TAG.finditer(_NO_TAGS.sub("", html)):
        count.take(found[2].lower(), closes=bool(found[1]))
        if count.depth > _DEEPEST or count.reopened > _MOST_REOPENED:
            return True
    return False


class _Count:
    """What is open, inside which walls."""

    def __init__(self) -> None:
        self.depth = self.reopened = self._formatting = 0
        self._walls = [""]
        self._scopes = [Counter[str]()]

    def take(self, name: str, *, closes: bool) -> None:
        """Count one tag."""
        is_formatting = name in _FORMATTING
        if not is_formatting:
            self.reopened += self._formatting
        if closes and name == self._walls[-1]:
            self._walls.pop()
            left = self._scopes.pop()
            self._scopes[-1].update(left)
        opened = self._scopes[-1]
        if name in _UNCLOSED or (closes and not opened[name]):
            return
        step = -1 if closes else 1
        opened[name] += step
        self.depth += step
        self._formatting += step * is_formatting
        if name in _WALLS and not closes:
            self._walls.append(name)
            self._scopes.append(Counter())
