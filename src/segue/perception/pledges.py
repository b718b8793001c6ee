"""Pledges: what somebody of the company says they will do, or will leave alone, in their own words."""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from segue.core.records.percepts import Promise
from segue.core.records.promised import QUIET
from segue.perception.promises import promises
from segue.perception.reading import READ_AT_MOST, own_words
from segue.perception.skeleton import Skeleton, skeletons
from segue.perception.times import times
from segue.perception.tokens import tokenise

_AT_MOST = 20
_LEAVES_ALONE = re.compile(
    r" (?:(?:we|i) (?:won't|wont|will not|will no longer|shall not|promise not to)|(?:we|i) will stop) "
    r"(?:send|sending|write|writing|mail|email|mailing|emailing|contact|contacting|bother|bothering|disturb|call)"
    r"[^,;]*?#[cd](?P<until>\d+)"
    r"| no (?:more|further) (?:mails?|emails?|e-mails?|messages?|calls?|offers?)[^,;]*?#[cd](?P<till>\d+)"
)


def pledges(text: str) -> tuple[Promise, ...]:
    """Read a text that somebody of the company wrote or said; quotes and signatures left out.

    >>> [(one.who, one.what, one.due) for one in pledges("I'll send you the revised contract by Friday.")]
    [('company', 'send', 'wd5')]
    >>> [(one.what, one.due) for one in pledges("We won't send you any more e-mails this week.")]
    [('quiet', 'w+0')]
    """
    words = own_words(text[:READ_AT_MOST])
    tokens = tokenise(words)
    found: list[Promise] = []
    for sentence in skeletons(tokens, times(words, tokens)):
        found += [replace(one, who="company") for one in promises(sentence) if one.who == "customer"]
        found += _left_alone(sentence)
    return tuple(replace(one, words=words[one.start : one.end]) for one in found[:_AT_MOST])


def _left_alone(sentence: Skeleton) -> Iterator[Promise]:
    for hit in _LEAVES_ALONE.finditer(sentence.text):
        start, end = sentence.between(*hit.span())
        until = sentence.times[int(hit["until"] or hit["till"])].code
        yield Promise("company", QUIET, until, "", start, end)
