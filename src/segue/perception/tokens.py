"""A text as words in one spelling, each with its offsets, its sentence and its part of the sentence."""

import re
from dataclasses import dataclass
from functools import lru_cache

_PIECE = re.compile(
    r"(?P<word>e-mail\w*|[^\W_]+(?:['’][^\W_]+)*|[\u2600-\u27bf\U0001f300-\U0001faff])"
    r"|(?P<stop>[.!?…;]+(?=\s|$)|\n[^\S\n]*+\n\s*+)"
    r"|(?P<pause>[,:()–—])",
    re.IGNORECASE,
)
_WORD, _STOP = 1, 2
"""Numbers of the groups."""

_SPELLING = {
    "cant": "can't",
    "cannot": "can't",
    "didnt": "didn't",
    "doesnt": "doesn't",
    "dont": "don't",
    "isnt": "isn't",
    "pls": "please",
    "plz": "please",
    "wont": "won't",
}


def vocabulary(words: str) -> frozenset[str]:
    """A set of words written as one text, so that lists of words stay readable.

    >>> sorted(vocabulary("no not"))
    ['no', 'not']
    """
    return frozenset(words.split())


def sentence_start(text: str, at: int) -> int:
    """Where the sentence, or the line, begins that holds a place of a text.

    >>> sentence_start("Stop. Call me", 11)
    5
    """
    return max(text.rfind(mark, 0, at) for mark in ".!?\n;") + 1


_TURNS = frozenset({"aber", "ale", "but", "ma", "mais", "maar", "mas", "pero", "sondern"})
NEGATIONS = vocabulary(
    "not no never don't doesn't didn't isn't wasn't aren't can't won't wouldn't shouldn't couldn't haven't "
    "hasn't without hardly nothing nicht kein keine keinen keinem nie ohne pas jamais sans nunca jamás sin "
    "não sem non senza niet geen nooit zonder bez nigdy"
)
_ELIDED = ("d'", "l'", "m'")
_LOATH = vocabulary("hate sad sorry loath reluctant")
_SPEAKERS = vocabulary("i we that")
_SAID = vocabulary("said say that")
_WOULD = vocabulary("i'd we'd would id")
_LINKING = vocabulary(
    "a an any be going intend intending intention intentions reason ever plans of for you "
    "dare ask asked said say "
    "like me mehr my need plan planning please really the to wanna want "
    "wish yet mich meine mein zu"
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Words of one text; all lists are as long as there are words.

    Attributes:
        words: Lower case, apostrophes straight, `e-mail` without its hyphen; an emoji is a word.
        starts: Offset of each word.
        ends: Offset behind each word.
        sentences: Number of the sentence: phrases do not reach beyond it.
        parts: Number of the part between commas and adversatives: negation does not reach beyond it.
    """

    words: list[str]
    starts: list[int]
    ends: list[int]
    sentences: list[int]
    parts: list[int]

    def is_negated(self, index: int, reach: int = 3) -> bool:
        """Whether one of the `reach` words before this one negates it."""
        part = self.parts[index]
        return any(
            self.words[i] in NEGATIONS and self.parts[i] == part for i in range(max(0, index - reach), index)
        )

    def is_refused(self, index: int) -> bool:
        """Whether the thing itself is refused: `I don't want to cancel`; not `I don't understand pricing`."""
        part = self.parts[index]
        for i in range(index - 1, max(-1, index - 6), -1):
            if self.parts[i] != part:
                return False
            if self.words[i] in NEGATIONS or self._would_hate(i):
                return True
            if self.words[i] not in _LINKING and not self._was_said(i):
                return False
        return False

    def _was_said(self, index: int) -> bool:
        """`I never said I want to`: what was said is told with who said it."""
        return self.words[index] in _SPEAKERS and self.words[index - 1] in _SAID

    def _would_hate(self, index: int) -> bool:
        """`I'd hate to` refuses; `I hate to` may be politeness."""
        return self.words[index] in _LOATH and not _WOULD.isdisjoint(self.words[max(0, index - 3) : index])

    def sentence(self, index: int) -> range:
        """Indices of all words of this word's sentence, at most 40 to either side."""
        first = last = index
        here = self.sentences[index]
        while first > max(0, index - 40) and self.sentences[first - 1] == here:
            first -= 1
        while last + 1 < min(len(self.words), index + 40) and self.sentences[last + 1] == here:
            last += 1
        return range(first, last + 1)


def tokenise(text: str) -> Tokens:
    """Split a text into words.

    >>> tokenise("Don’t E-mail me, please!").words
    ["don't", 'email', 'me', 'please']
    """
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    sentences: list[int] = []
    parts: list[int] = []
    sentence = part = 0
    for piece in _PIECE.finditer(text):
        kind = piece.lastindex
        if kind == _WORD:
            word = spell(piece[0])
            part += word in _TURNS
            words.append(word)
            start, end = piece.span()
            starts.append(start)
            ends.append(end)
            sentences.append(sentence)
            parts.append(part)
        else:
            part += 1
            sentence += kind == _STOP
    return Tokens(words, starts, ends, sentences, parts)


@lru_cache(maxsize=8_192)
def spell(word: str) -> str:
    """Spell one word the way phrases are compared; the commonest words are kept."""
    lower = word.lower().replace("’", "'")
    if lower.startswith("e-mail"):
        lower = lower.replace("-", "", 1)
    if lower.startswith(_ELIDED):
        lower = lower[2:]
    return _SPELLING.get(lower, lower)
