"""Tokens first: literals that Python cannot read (`3d`, `0.35`) become zeros of the same width.

Python's parser then sees names, operators and zeros only, every column stays right, and what each zero
stands for is looked up by its position.
"""

import keyword
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from segue.core.expr.errors import ExprError
from segue.core.expr.nodes import Literal
from segue.core.expr.schema import Type

MAX_CHARS: Final = 2_000
MAX_TOKENS: Final = 600
MAX_DEPTH: Final = 40
INT_LIMIT: Final = 2**63
"""Numbers stay within +-2**63; what would leave this range is unknown."""

Complain: TypeAlias = Callable[[str, int, str | None], ExprError]
"""Make a located error: message, offset in the text, hint."""

_TOKEN: Final = re.compile(
    r"""(?P<space>[ \t\r\n]++)
      | (?P<text>"(?:[^"\\\r\n]|\\["'\\])*+"|'(?:[^'\\\r\n]|\\["'\\])*+')
      | (?P<number>[0-9](?:[.]?[0-9A-Za-z_])*+)
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*+(?:\.[A-Za-z_][A-Za-z0-9_]*+)*+)
      | (?P<sign>==|!=|<=|>=|//|\*\*|&&|\|\||[-<>+*%()\[\],])""",
    re.VERBOSE,
)
_INT: Final = re.compile(r"0|[1-9][0-9]*(?:_[0-9]{3})*")
_DECIMAL: Final = re.compile(r"([0-9]+)\.([0-9]{1,6})")
_DURATION: Final = re.compile(r"([0-9]+)([dhm])")
_UNIT_S: Final = {"d": 86_400, "h": 3_600, "m": 60}
_HINTS: Final = {
    "=": "did you mean `==`?",
    "&&": "write `and`",
    "&": "write `and`",
    "||": "write `or`",
    "|": "write `or`",
    "!": "write `not`",
    "/": "write `//`, which rounds down",
    "**": "multiply instead",
    "“": "use straight quotes",
    "”": "use straight quotes",
    '"': "close the quotes on the same line; only quotes and backslashes may follow a backslash",
    "'": "close the quotes on the same line; only quotes and backslashes may follow a backslash",
    "#": "put comments into the YAML file",
    "is": "write `==`",
}
_WORDS: Final = {"and", "or", "not", "in"}
_TRUTH: Final = {"True": True, "true": True, "False": False, "false": False}


@dataclass(frozen=True, slots=True)
class Lexed:
    """An expression that Python's parser may read, and what its zeros stand for.

    Args:
        source: As long as the text, on one line, with every literal written as zeros.
        literals: The literal that begins at an offset of the text.
    """

    source: str
    literals: Mapping[int, Literal]


def lex(text: str, complain: Complain) -> Lexed:
    """Split a text into tokens and take the literals out.

    Raises:
        ExprError: Made by `complain`: too long, too deep, or a token outside the language.
    """
    if len(text) > MAX_CHARS:
        raise complain(f"expression has {len(text)} characters, {MAX_CHARS} are allowed", 0, "split it")
    parts: list[str] = []
    literals: dict[int, Literal] = {}
    offset, tokens, glued = 0, 0, False
    nesting = _Nesting(complain)
    while offset < len(text):
        found = _TOKEN.match(text, offset)
        if found is None:
            raise _refuse(text[offset], offset, complain)
        kind, token = found.lastgroup, found.group()
        tokens += kind != "space"
        if tokens > MAX_TOKENS:
            raise complain(f"expression has more than {MAX_TOKENS} words and signs", offset, "split it")
        if glued and kind in {"text", "number", "word"}:
            raise complain(f"missing space or operator before `{token}`", offset, None)
        glued = kind in {"text", "number", "word"}
        nesting.take(token, offset, blank=kind == "space")
        literal = _literal(kind, token, offset, complain)
        if literal is not None:
            literals[offset] = literal
        parts.append("0" * len(token) if literal else " " * len(token) if kind == "space" else token)
        offset = found.end()
    if not tokens:
        raise complain("expression is empty", 0, None)
    return Lexed("".join(parts), literals)


class _Nesting:
    """Refuses deep nesting before Python's parser meets it."""

    def __init__(self, complain: Complain) -> None:
        self._complain = complain
        self._brackets = 0
        self._prefixes = 0

    def take(self, token: str, offset: int, *, blank: bool) -> None:
        if blank:
            return
        self._brackets += (token in {"(", "["}) - (token in {")", "]"})
        self._prefixes = self._prefixes + 1 if token in {"not", "-", "+"} else 0
        if max(self._brackets, self._prefixes) > MAX_DEPTH:
            raise self._complain(f"nested more than {MAX_DEPTH} deep", offset, "split it")


def _literal(kind: str | None, token: str, offset: int, complain: Complain) -> Literal | None:
    if kind == "text":
        return Literal(re.sub(r"\\(.)", r"\1", token[1:-1]), Type.TEXT)
    if kind == "number":
        return _number(token, offset, complain)
    if kind == "word" and token in _TRUTH:
        return Literal(_TRUTH[token], Type.BOOL)
    if kind == "word" and token not in _WORDS and any(map(keyword.iskeyword, token.split("."))):
        raise complain(f"unexpected `{token}`", offset, _HINTS.get(token))
    if kind == "word" and token.count(".") > 1:
        raise complain(
            f"unknown fact `{token[:80]}`", offset, "a fact has two words, such as `account.health`"
        )
    if kind == "sign" and token in _HINTS:
        raise _refuse(token, offset, complain)
    return None


def _number(token: str, offset: int, complain: Complain) -> Literal:
    # More digits than this are out of range anyway, and int() of thousands of digits is slow.
    if len(token) <= len(str(INT_LIMIT)) + 7:
        if _INT.fullmatch(token):
            return _bounded(int(token), Type.INT, token, offset, complain)
        if decimal := _DECIMAL.fullmatch(token):
            millionths = int(decimal[1]) * 1_000_000 + int(decimal[2].ljust(6, "0"))
            return _bounded(millionths, Type.PPM, token, offset, complain)
        if duration := _DURATION.fullmatch(token):
            seconds = int(duration[1]) * _UNIT_S[duration[2]]
            return _bounded(seconds, Type.DURATION, token, offset, complain)
    hint = "numbers look like `60`, `0.35` (up to six decimals), `3d`, `12h` or `30m`"
    raise complain(f"unreadable number `{token}`", offset, hint)


def _bounded(value: int, type_: Type, token: str, offset: int, complain: Complain) -> Literal:
    if value >= INT_LIMIT:
        raise complain(f"number `{token}` is too large", offset, None)
    return Literal(value, type_)


def _refuse(token: str, offset: int, complain: Complain) -> ExprError:
    return complain(f"unexpected `{token}`", offset, _HINTS.get(token))
