"""What is said outright about contact and time: wishes, promises, absence and the times, by grammar."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from segue.core.records.percepts import Entity, Preference, Promise
from segue.perception import wishes
from segue.perception.channels import channel_wishes
from segue.perception.days import days, frequency
from segue.perception.doubted import doubtful, unheard
from segue.perception.hours import hours
from segue.perception.others import AND_ME, for_others
from segue.perception.pauses import away, pauses
from segue.perception.phrases import Hit
from segue.perception.promises import promises
from segue.perception.skeleton import skeletons
from segue.perception.times import Time, times
from segue.perception.tokens import Tokens

AT_MOST = 20
"""Wishes, promises and entities that are told of one message; who writes more is not understood better."""

_STRENGTH = {"channel": 1, "avoid_channel": 2, "stop": 3}
_TALKS_OF_TIME = re.compile(r"#[cdw]\d")


class Said(NamedTuple):
    """All of it, each part in the order it was said; words are those of the text."""

    preferences: tuple[Preference, ...]
    promises: tuple[Promise, ...]
    entities: tuple[Entity, ...]
    away_until: str
    times: tuple[Time, ...] = ()
    for_others: bool = False
    in_doubt: bool = False


def said(text: str, tokens: Tokens, hits: Sequence[Hit], channel: str) -> Said:
    """Read a text.

    Args:
        text: The customer's own words.
        tokens: Its words.
        hits: All phrases found in it.
        channel: Channel of the message, or empty.
    """
    named = times(text, tokens)
    sentences = list(skeletons(tokens, named))
    timed = [sentence for sentence in sentences if _TALKS_OF_TIME.search(sentence.text)]
    found = list(wishes.wishes(text, tokens, hits, channel))
    for sentence in timed:
        found += [*hours(sentence), *days(sentence), *pauses(sentence)]
    promised: list[Promise] = []
    for sentence in sentences:
        found += [*frequency(text, sentence), *channel_wishes(text, sentence, channel)]
        promised += promises(sentence)
    others = for_others(text, tokens)
    if others:
        anothers = [span for span in others if AND_ME.match(text, span[1]) is None]
        found = [wish for wish in found if not _is_anothers(wish, anothers)]
    sure = [wish for wish in found if wish.kind != "stop" or not doubtful(text, wish)]
    heard = [*others, *((wish.start, wish.end) for wish in found)]
    return Said(
        _once(text, sure),
        tuple(replace(one, words=text[one.start : one.end]) for one in promised[:AT_MOST]),
        tuple(_entity(time) for time in named if not time.again)[:AT_MOST],
        away(timed) if timed else "",
        tuple(named),
        bool(others),
        len(sure) < len(found) or (not others and not _opts_out(sure) and unheard(text, heard)),
    )


def _opts_out(found: Sequence[Preference]) -> bool:
    return any(wish.kind == "stop" for wish in found)


def _is_anothers(wish: Preference, others: Sequence[tuple[int, int]]) -> bool:
    """Whether a wish to be left alone is somebody else's."""
    refuses = wish.kind in {"stop", "avoid_channel"}
    return refuses and any(wish.start < end and start < wish.end for start, end in others)


def _settled(found: list[Preference]) -> Iterator[Preference]:
    """One wish of each channel: an opt-out says more than a refusal, and that more than a liking.

    Of several channels that are liked in one breath the last is meant: `phone is fine, WhatsApp is easier`.
    """
    strongest: dict[str, int] = {}
    liked = [wish for wish in found if wish.kind == "channel"]
    for wish in found:
        if wish.kind in _STRENGTH:
            value = str(wish.value)
            strongest[value] = max(strongest.get(value, 0), _STRENGTH[wish.kind])
    for wish in found:
        if wish.kind not in _STRENGTH or (
            _STRENGTH[wish.kind] == strongest[str(wish.value)]
            and (wish.kind != "channel" or wish == liked[-1])
        ):
            yield wish


def _once(text: str, found: list[Preference]) -> tuple[Preference, ...]:
    """Each kind and value once; an opt-out of a channel says more than the wish that it be avoided."""
    found = [wish if wish.words else replace(wish, words=text[wish.start : wish.end]) for wish in found]
    found.sort(key=lambda wish: (wish.start, wish.kind))
    found = list(_settled(found))
    once = {(wish.kind, wish.value): wish for wish in reversed(found)}
    return tuple(sorted(once.values(), key=lambda wish: (wish.start, wish.kind)))[:AT_MOST]


def _entity(time: Time) -> Entity:
    return Entity("time", time.code, time.start, time.end)
