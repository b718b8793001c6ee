"""What customers state about themselves: team, tools, budget, plans, job and place, by a small typed grammar.

English, present tense, first person. A question, a condition, somebody else's words, a quotation and anything
denied state nothing: what is kept here is said back to nobody before it was meant.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from segue.core.predicates import TOOL
from segue.core.records.percepts import Entity, Statement
from segue.perception import toldwords as grammar
from segue.perception.amounts import amounts
from segue.perception.times import Time
from segue.perception.tokens import Tokens
from segue.perception.tools import NO_TOOLS

AT_MOST = 20
"""Statements of one message; who writes more is not understood better."""

_DIGIT = re.compile(r"\d")
_DIGITS = frozenset({grammar.DIGIT})
_TIMED = frozenset({"@"})
"""Stand among the words of a text that holds a digit, or a time."""

_MARKS = ('"', "“", "„", "«", ">", " '", "\n'", "\t'")
"""What a quotation begins with."""

_PEOPLE_AT_MOST = 2_000_000
_LEAST_BARE = 1_000
_SIZES = {"": 1, "k": 1_000, "grand": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000}


class _Sentence(NamedTuple):
    """One sentence with its place; apostrophes straight, quotations blanked."""

    text: str
    start: int
    is_question: bool
    amounts: Sequence[Entity]
    times: Sequence[Time]
    starts: Sequence[tuple[int, int]]


_Reader = Callable[[_Sentence, "re.Match[str]"], Iterator[Statement]]


class _Group(NamedTuple):
    """Patterns that are read alike, and sets of words of each of which a text must have one."""

    needs: tuple[frozenset[str], ...]
    read: _Reader
    patterns: tuple["re.Pattern[str]", ...]


class Teller:
    """Reads statements; made once for all messages.

    Args:
        tools: Names of tools in lower case, to how they are told.
    """

    def __init__(self, tools: Mapping[str, str]) -> None:
        self._tools = tools
        name = grammar.tool_pattern(tools)
        self._one = re.compile(name, re.IGNORECASE)
        using, ended, moved, kept = grammar.tool_sentences(name)
        names = frozenset(word for tool in tools for word in tool.split()[:2]) | grammar.USED
        self._groups = (
            _Group((grammar.SIZED, grammar.COUNTED), _team_size, grammar.TEAM_SIZE),
            _Group((names, grammar.WRITER), self._using, (using,)),
            _Group((grammar.USED, grammar.ENDED), self._ended, (ended,)),
            _Group((grammar.MOVED,), self._moved, (moved,)),
            _Group((names | grammar.KEPT, grammar.ENTIRE, grammar.STANDS), self._kept, (kept,)),
            _Group((grammar.PRICED, _DIGITS), _budget, grammar.BUDGET),
            _Group((grammar.LAUNCHED, _TIMED), _timed("go_live"), grammar.GO_LIVE),
            _Group((grammar.DECIDED, _TIMED), _timed("decides_by"), (grammar.DECIDES, grammar.DECISION)),
            _Group((grammar.RANKED, grammar.MYSELF), _captured("job"), grammar.JOB),
            _Group((grammar.GROUPED | grammar.DEPARTED, grammar.MYSELF), _captured("team"), grammar.TEAM),
            _Group((grammar.PLACED, grammar.WHERE), _place, grammar.LOCATION),
            _Group((grammar.SEATED, grammar.COUNTED), _seats, (grammar.SEATS,)),
        )

    def told(self, text: str, tokens: Tokens, times: Sequence[Time]) -> tuple[Statement, ...]:
        """Everything stated, in order; of a kind with one value the last one said stands.

        Args:
            text: The customer's own words.
            tokens: Its words.
            times: Its times.
        """
        if grammar.TRIGGERS.isdisjoint(tokens.words):
            return ()
        words = {*tokens.words, *(_DIGITS if _DIGIT.search(text) else ()), *(_TIMED if times else ())}
        readers = [
            (pattern, group.read)
            for group in self._groups
            if not any(map(words.isdisjoint, group.needs))
            for pattern in group.patterns
        ]
        if not readers:
            return ()
        found = [one for sentence in _sentences(text, tokens, times) for one in _read(sentence, readers)]
        said = [_worded(text, one) for one in sorted(found, key=lambda one: (one.start, one.kind))]
        kept = {(one.kind, one.value if one.kind == TOOL else ""): one for one in said}
        return tuple(sorted(kept.values(), key=lambda one: (one.start, one.kind)))[:AT_MOST]

    def _using(self, sentence: _Sentence, found: "re.Match[str]") -> Iterator[Statement]:
        verb = found["verb"].lower()
        # Of a name nobody listed only `use` tells that it is a tool: `we work in Berlin with Deloitte`.
        free = verb.split()[-1] in {"use", "uses", "using"} and not sentence.text.isupper()
        yield from self._named(sentence, found, free=free)

    def _kept(self, sentence: _Sentence, found: "re.Match[str]") -> Iterator[Statement]:
        yield from self._named(sentence, found, free=found["all"] is None)

    def _ended(self, sentence: _Sentence, found: "re.Match[str]") -> Iterator[Statement]:
        yield from self._named(sentence, found, free=True, ended=True)

    def _moved(self, sentence: _Sentence, found: "re.Match[str]") -> Iterator[Statement]:
        for group, ended in (("from", True), ("to", False)):
            if (name := self._tool(found[group] or "", free=True)) is not None:
                yield _statement(sentence, found.span(), TOOL, name, ended=ended)

    def _named(
        self, sentence: _Sentence, found: "re.Match[str]", *, free: bool, ended: bool = False
    ) -> Iterator[Statement]:
        place = found.start("names")
        for part in self._one.finditer(found["names"]):
            name = self._tool(part[0], free=free)
            if name is not None:
                span = (found.start("said"), place + part.end())
                yield _statement(sentence, span, TOOL, name, ended=ended)

    def _tool(self, written: str, *, free: bool) -> str | None:
        known = self._tools.get(" ".join(written.lower().split()))
        if known is not None:
            return known
        words = written.split()
        if not free or not words or words[0].lower() in NO_TOOLS or not written[:1].isupper():
            return None
        while words and words[-1].lower() in NO_TOOLS:
            words.pop()
        return " ".join(words)


def _read(sentence: _Sentence, readers: Sequence[tuple["re.Pattern[str]", _Reader]]) -> Iterator[Statement]:
    for pattern, read in readers:
        end = 0
        for begin, place in sentence.starts:
            found = pattern.match(sentence.text, place) if begin >= end else None
            if found is not None:
                end = found.end()
                if _is_stated(sentence, found, begin):
                    yield from read(sentence, found)


def _sentences(text: str, tokens: Tokens, times: Sequence[Time]) -> Iterator[_Sentence]:
    shown = text.replace("’", "'")
    if any(mark in shown for mark in _MARKS):
        shown = grammar.QUOTED.sub(lambda hit: " " * len(hit[0]), shown)
    firsts = [i for i in range(len(tokens.words)) if i == 0 or tokens.sentences[i] != tokens.sentences[i - 1]]
    for first, after in zip(firsts, [*firsts[1:], len(tokens.words)], strict=True):
        if grammar.TRIGGERS.isdisjoint(tokens.words[first:after]):
            continue
        start, end = tokens.starts[first], tokens.ends[after - 1]
        until = tokens.starts[after] if after < len(tokens.words) else len(text)
        part = shown[start:end]
        yield _Sentence(
            text=part,
            start=start,
            is_question="?" in shown[end:until],
            amounts=tuple(amounts(part)),
            times=tuple(time for time in times if start <= time.start < end and not time.again),
            starts=sorted(_starts(part, start, tokens, range(first, after))),
        )


def _starts(part: str, start: int, tokens: Tokens, within: range) -> Iterator[tuple[int, int]]:
    """Where a statement may begin, with its lead-in and without: at first, behind a mark, behind `and`."""
    yield 0, 0
    for mark in grammar.MARK.finditer(part):
        yield mark.start() + 1, mark.end()
    for index in within:
        if tokens.words[index] in grammar.LEADS:
            end = tokens.ends[index] - start
            if part[end : end + 1].isspace():
                yield tokens.starts[index] - start, end + 1


def _is_stated(sentence: _Sentence, found: "re.Match[str]", begin: int) -> bool:
    """Whether it is said of themselves, as it is now, and by them; `begin` is where its lead-in begins."""
    before, after = sentence.text[:begin], sentence.text[found.end() :]
    if grammar.UNSURE_BEFORE.search(before) or grammar.UNSURE_AFTER.search(after):
        return False
    if (
        "all" not in found.re.groupindex
        and grammar.ELIDED.match(found["subject"] or "")
        and not grammar.speaks_of_self(before)
    ):
        return False
    if not sentence.is_question:
        return True
    return grammar.ASKING_FIRST.match(before) is None and grammar.THEN_ASKS.search(after) is not None


def _statement(
    sentence: _Sentence, span: tuple[int, int], kind: str, value: int | str, *, ended: bool = False
) -> Statement:
    return Statement(kind, value, "", sentence.start + span[0], sentence.start + span[1], ended)


def _worded(text: str, one: Statement) -> Statement:
    words = text[one.start : one.end]
    begin = len(words) - len(words.lstrip(" \n\t,;:.!-–—()"))
    return Statement(one.kind, one.value, words[begin:], one.start + begin, one.end, one.ended)


def _said(found: "re.Match[str]") -> tuple[int, int]:
    return found.start("said"), found.end()


def _team_size(sentence: _Sentence, found: "re.Match[str]") -> Iterator[Statement]:
    size = number(found["n"])
    if 0 < size <= _PEOPLE_AT_MOST:
        yield _statement(sentence, _said(found), "team_size", size)


def _seats(sentence: _Sentence, found: "re.Match[str]") -> Iterator[Statement]:
    if 0 < (wanted := number(found["n"])) <= _PEOPLE_AT_MOST:
        yield _statement(sentence, _said(found), "seats_wanted", wanted)


def _budget(sentence: _Sentence, found: "re.Match[str]") -> Iterator[Statement]:
    """An amount with its currency, else a number that nobody takes for anything else."""
    at = found.end()
    for amount in sentence.amounts:
        if amount.start == at and not grammar.RANGE.match(sentence.text, amount.end):
            yield _statement(sentence, (found.start("said"), amount.end), "budget", amount.value)
            return
    bare = grammar.BARE_AMOUNT.match(sentence.text, at)
    if bare is None or grammar.RANGE.match(sentence.text, bare.end()):
        return
    value = number(bare["n"]) * _SIZES[(bare["size"] or "").lower()]
    if value >= _LEAST_BARE:
        yield _statement(sentence, (found.start("said"), bare.end()), "budget", str(value))


def _timed(kind: str) -> _Reader:
    def read(sentence: _Sentence, found: "re.Match[str]") -> Iterator[Statement]:
        for time in sentence.times:
            begin = time.start - sentence.start
            if begin >= found.end() and grammar.LEADS_TO_TIME.fullmatch(sentence.text[found.end() : begin]):
                if not time.is_clock:
                    span = (found.start("said"), time.end - sentence.start)
                    yield _statement(sentence, span, kind, time.code)
                return

    return read


def _captured(kind: str) -> _Reader:
    def read(sentence: _Sentence, found: "re.Match[str]") -> Iterator[Statement]:
        yield _statement(sentence, _said(found), kind, " ".join(found["value"].split()))

    return read


def _place(sentence: _Sentence, found: "re.Match[str]") -> Iterator[Statement]:
    value = found["value"]
    if value.split()[0].lower() not in NO_TOOLS - grammar.PLACES:
        yield _statement(sentence, _said(found), "location", " ".join(value.split()))


def number(written: str) -> int:
    """A count in digits or words; 0 where it is none.

    >>> number("1,200"), number("forty"), number("forty-five"), number("two hundred"), number("a dozen")
    (1200, 40, 45, 200, 12)
    """
    digits = re.sub(r"[ ,.'](?=\d{3}\b)", "", written.strip())
    if digits.isascii() and digits.isdigit():
        return int(digits)
    total = 0
    for word in written.lower().replace("-", " ").split():
        value = grammar.NUMBERS.get(word, 0)
        total = (total or 1) * value if value in {12, 100, 1000} and word in grammar.TIMES else total + value
    return total
