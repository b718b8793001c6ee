"""Recall on LoCoMo: which turns of a long conversation hold the evidence for a question.

R@10 is the share of a question's evidence turns among the first ten, R@5 of sessions the share of its
evidence sessions among the first five that turns come from; both are means over the questions of categories
1 to 4.
Cross-fitted: the weights that answer one conversation were fitted to the four others. What a picture shows is
part of the text of the turn that shares it, as in the authors' own retrieval.
"""

import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.memory import fitting, product
from segue.core.records.meaning import TokenMeaning
from segue.core.units import MINUTE, Instant, to_instant
from segue.encoder import OnnxTokenEncoder
from segue.graph.recall import Deeper, Depth, Found, Said, look, packed_meaning, recall
from segue.graph.recall.said import gist

FILE = Path("memory/locomo_dev.json")
CATEGORIES = {1: "several_turns", 2: "time", 3: "open", 4: "one_turn"}
_TURN = re.compile(r"D\d+:\d+")
_SESSION = re.compile(r"session_(\d+)")


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the turns that hold its evidence, and its category."""

    text: str
    evidence: frozenset[str]
    category: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation, what is asked of it, and the token vectors of its turns."""

    said: tuple[Said, ...]
    questions: tuple[Question, ...]
    tokens: Mapping[str, bytes] = field(default_factory=dict)

    def deeper(self, meaning: TokenMeaning) -> Deeper:
        """How a question goes deeper than words here."""
        return lambda ids: Depth(meaning, [self.tokens[name] for name in ids])


Meanings = dict[str, TokenMeaning]
Rank = Callable[[int, Question], list[Found]]


def measure(data: Path, *, quick: bool) -> dict[str, Any]:
    """Measure the conversations in `data`, or say that there are none."""
    if not (data / FILE).is_file():
        return {"told": f"no conversations at `{data / FILE}`: recall is not measured"}
    plain = list(conversations(data / FILE))[: 1 if quick else None]
    encoder = OnnxTokenEncoder()
    full = [_with_tokens(one, encoder) for one in plain]
    meanings: Meanings = {
        one.text: encoder.tokens(one.text) for conversation in plain for one in conversation.questions
    }
    figures: dict[str, Any] = {
        "questions": sum(len(one.questions) for one in plain),
        "turns": sum(len(one.said) for one in plain),
        "token_bytes_most": max(len(kept) for one in full for kept in one.tokens.values()),
        "token_bytes_mean": round(
            float(np.mean([len(kept) for one in full for kept in one.tokens.values()]))
        ),
    }

    def words(number: int, asked: Question) -> list[Found]:
        return recall(asked.text, plain[number].said, len(plain[number].said))

    def tokens(number: int, asked: Question) -> list[Found]:
        one = full[number]
        return recall(asked.text, one.said, len(one.said), one.deeper(meanings[asked.text]))

    figures |= _figures("fixed_words", plain, words) | _figures("fixed_tokens", full, tokens)
    if not quick:
        figures |= _figures("crossfitted_words", plain, _crossfitted(plain, {}))
        figures |= _figures("crossfitted", full, _crossfitted(full, meanings))
    told = [(one.said, [(asked.text, asked.evidence) for asked in one.questions]) for one in plain]
    return figures | _costs(full, encoder) | product.measure(told, encoder)


def conversations(file: Path) -> Iterator[Conversation]:
    """The conversations of a file, with the questions of categories 1 to 4 that name a turn."""
    for told in json.loads(file.read_text(encoding="utf-8")):
        said = tuple(_said(told["conversation"]))
        known = {one.id for one in said}
        questions = []
        for asked in told["qa"]:
            evidence = frozenset(_TURN.findall(" ".join(asked["evidence"]))) & known
            if asked["category"] in CATEGORIES and evidence:
                questions.append(Question(asked["question"], evidence, asked["category"]))
        yield Conversation(said, tuple(questions))


def _said(told: dict[str, Any]) -> Iterator[Said]:
    for name, turns in told.items():
        if _SESSION.fullmatch(name) is None:
            continue
        began = datetime.strptime(told[f"{name}_date_time"], "%I:%M %p on %d %B, %Y").replace(tzinfo=UTC)
        for number, turn in enumerate(turns):
            shown = f" [shares {turn['blip_caption']}]" if turn.get("blip_caption") else ""
            at = Instant(to_instant(began) + number * MINUTE)
            yield Said(turn["dia_id"], "chat", turn["speaker"], at, turn["text"] + shown)


def _with_tokens(conversation: Conversation, encoder: OnnxTokenEncoder) -> Conversation:
    tokens = {one.id: packed_meaning(encoder.tokens(one.text)) for one in conversation.said}
    return replace(conversation, tokens=tokens)


def _crossfitted(all_of: list[Conversation], meanings: Meanings) -> Rank:
    """Rank each conversation by weights that were fitted to the others."""
    seen = [
        {
            one.text: look(one.text, c.said, c.deeper(meanings[one.text]) if meanings else None)
            for one in c.questions
        }
        for c in all_of
    ]
    cases = [
        [fitting.case(seen[n][one.text], one.evidence) for one in c.questions] for n, c in enumerate(all_of)
    ]
    fitted = [
        fitting.fitted([case for other, some in enumerate(cases) if other != number for case in some])
        for number in range(len(all_of))
    ]
    return lambda number, asked: fitting.ranked(seen[number][asked.text], fitted[number])


def _figures(name: str, all_of: list[Conversation], rank: Rank) -> dict[str, Any]:
    turns: dict[str, list[float]] = defaultdict(list)
    sessions: list[float] = []
    for number, conversation in enumerate(all_of):
        for asked in conversation.questions:
            ids = [found.said.id for found in rank(number, asked)]
            share = len(asked.evidence & set(ids[:10])) / len(asked.evidence)
            turns["all"].append(share)
            turns[CATEGORIES[asked.category]].append(share)
            first = list(dict.fromkeys(one.partition(":")[0] for one in ids))[:5]
            wanted = {one.partition(":")[0] for one in asked.evidence}
            sessions.append(len(wanted & set(first)) / len(wanted))
    return {
        f"turn_r10_{name}": _mean(turns.pop("all")),
        f"session_r5_{name}": _mean(sessions),
        f"turn_r10_{name}_by_category": {label: _mean(turns[label]) for label in sorted(turns)},
    }


def _costs(full: list[Conversation], encoder: OnnxTokenEncoder) -> dict[str, float]:
    """CPU of a query: reading the question, and ranking all messages; the first one notes every message."""
    first: list[float] = []
    later: list[float] = []
    for conversation in full:
        gist.cache_clear()
        for number, asked in enumerate(conversation.questions[:40]):
            began = time.process_time()
            recall(asked.text, conversation.said, 10, conversation.deeper(encoder.tokens(asked.text)))
            (later if number else first).append((time.process_time() - began) * 1_000)
    return {"query_cpu_ms": _mean(later, 2), "query_cpu_ms_first": _mean(first, 2)}


def _mean(values: list[float] | NDArray[np.float64], digits: int = 3) -> float:
    return round(float(np.mean(values)), digits)
