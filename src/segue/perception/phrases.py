"""All phrases of all lexicons in one trie, found in one pass over the words of a text."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from segue.core.errors import PlaybookError
from segue.perception.tokens import Tokens, tokenise

GAP = 3
"""How many words a `*` that stands alone may stand for, at most; it may stand for none."""

_MAX_GAPS = 3
_STEM = 3


class Tag(NamedTuple):
    """What a phrase is a sign of: `group` such as `intent`, `name` such as `cancel`, and how strongly."""

    group: str
    name: str
    weight: int = 1


class Hit(NamedTuple):
    """A phrase found: words `first` to `last`, both included."""

    tag: Tag
    phrase: str
    literal_words: int
    first: int
    last: int


@dataclass(slots=True)
class _Node:
    words: dict[str, "_Node"] = field(default_factory=dict)
    stems: dict[str, list[tuple[str, "_Node"]]] = field(default_factory=dict)
    gap: "_Node | None" = None
    ends: list[tuple[Tag, str, int]] = field(default_factory=list)


class Phrases:
    """An index of phrases: lower-case words, `*` for up to three words, `cancel*` for words that begin so.

    Raises:
        PlaybookError: A phrase has no word, too many `*`, or a stem of fewer than three letters.
    """

    def __init__(self, entries: Iterable[tuple[str, Tag]]) -> None:
        self._root = _Node()
        for phrase, tag in entries:
            self._add(phrase, tag)

    def find(self, tokens: Tokens) -> list[Hit]:
        """Find every phrase, by first word, then as the phrases were given."""
        hits: list[Hit] = []
        root = self._root
        for index, word in enumerate(tokens.words):
            if word in root.words or word[:_STEM] in root.stems:
                self._walk(root, tokens, index, index, hits)
        return hits

    def _walk(self, node: _Node, tokens: Tokens, first: int, index: int, hits: list[Hit]) -> None:
        """Follow a node by the word at `index`, and by all that may come behind it."""
        word = tokens.words[index]
        if (child := node.words.get(word)) is not None:
            self._reached(child, tokens, first, index, hits)
        if node.stems:
            for stem, child in node.stems.get(word[:_STEM], ()):
                if word.startswith(stem):
                    self._reached(child, tokens, first, index, hits)

    def _reached(self, node: _Node, tokens: Tokens, first: int, last: int, hits: list[Hit]) -> None:
        for tag, phrase, literal in node.ends:
            hits.append(Hit(tag, phrase, literal, first, last))
        if not (node.words or node.stems or node.gap):
            return
        sentences = tokens.sentences
        sentence, after, count = sentences[first], last + 1, len(sentences)
        if after < count and sentences[after] == sentence:
            self._walk(node, tokens, first, after, hits)
            if node.gap is not None:
                for index in range(after, min(after + GAP + 1, count)):
                    if sentences[index] == sentence:
                        self._walk(node.gap, tokens, first, index, hits)

    def _add(self, phrase: str, tag: Tag) -> None:
        pieces = _pieces(phrase)
        node = self._root
        for piece in pieces:
            if piece == "*":
                node.gap = node.gap or _Node()
                node = node.gap
            elif piece.endswith("*"):
                node = _stem(node, piece[:-1], phrase)
            else:
                node = node.words.setdefault(piece, _Node())
        node.ends.append((tag, phrase, sum(piece != "*" for piece in pieces)))


def _pieces(phrase: str) -> list[str]:
    pieces: list[str] = []
    for written in phrase.split():
        words = tokenise(written).words
        if written == "*" or not words:
            pieces += ["*"] if pieces and pieces[-1] != "*" and written == "*" else []
        else:
            pieces += [*words[:-1], words[-1] + ("*" if written.endswith("*") else "")]
    while pieces and pieces[-1] == "*":
        pieces.pop()
    if not pieces:
        raise PlaybookError(f"phrase `{phrase}` has no word", hint="write words in lower case")
    if pieces.count("*") > _MAX_GAPS:
        raise PlaybookError(f"phrase `{phrase}` has more than {_MAX_GAPS} gaps", hint="write two phrases")
    return pieces


def _stem(node: _Node, stem: str, phrase: str) -> _Node:
    if len(stem) < _STEM:
        raise PlaybookError(f"phrase `{phrase}`: `{stem}*` is too short", hint="begin with three letters")
    bucket = node.stems.setdefault(stem[:_STEM], [])
    for known, child in bucket:
        if known == stem:
            return child
    bucket.append((stem, _Node()))
    return bucket[-1][1]
