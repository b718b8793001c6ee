"""Features of each message for one question: numbers near 0 to 1 that weights make a score of."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from segue.core.units import to_datetime
from segue.graph.recall.asked import Asked, Date
from segue.graph.recall.said import MARKS, Gist, Said
from segue.graph.recall.sittings import Floats, Sittings

WORDS = (
    "own",
    "before_1",
    "behind_1",
    "before_2",
    "behind_2",
    "before_3",
    "behind_3",
    "window",
    "covered",
    "covered_1",
    "covered_2",
    "sitting",
    "sitting_best",
    "relative",
    "relative_own",
    "speaker",
    "asks",
    "has_question",
    "length",
    "opening",
    "own_words",
    "after_question",
    "answers",
    "time_wanted",
    "time_unasked",
    "number_wanted",
    "place_wanted",
    "quoted",
    "date",
)
"""What words, speakers and times tell; no encoder is needed."""
TOKENS = (
    "tokens",
    "tokens_before_1",
    "tokens_behind_1",
    "tokens_before_2",
    "tokens_behind_2",
    "tokens_relative",
    "tokens_window",
    "tokens_sitting",
)
"""What token vectors tell besides."""

_K1, _B = 1.0, 0.4
_SITTING_K1, _SITTING_B = 1.2, 0.5
_OPENING = 6
_LITTLE = 1e-6
_MONTH_DAYS = 31


def by_words(asked: Asked, said: Sequence[Said], gists: Sequence[Gist], where: Sittings) -> Floats:
    """One row for each message, one column for each of `WORDS`."""
    marks = dict(zip(MARKS, np.array([one.marks for one in gists], np.float64).T, strict=True))
    counts, lengths = _counts(asked, gists), marks["length"]
    weights, hits = _bm25(counts, lengths, _K1, _B)
    total = max(float(weights.sum()), _LITTLE)
    own = hits.sum(axis=0)
    covered = (hits > 0).astype(np.float64)
    covered_1 = np.maximum(covered, np.maximum(where.beside(covered, 1), where.beside(covered, -1)))
    covered_2 = np.maximum(covered_1, np.maximum(where.beside(covered, 2), where.beside(covered, -2)))
    window = where.window(own)
    after_question = where.beside(marks["asks"], 1)
    columns = {
        "own": own / total,
        **{f"before_{n}": where.beside(own, n) / total for n in (1, 2, 3)},
        **{f"behind_{n}": where.beside(own, -n) / total for n in (1, 2, 3)},
        "window": window / 10,
        "covered": weights @ covered / total,
        "covered_1": weights @ covered_1 / total,
        "covered_2": weights @ covered_2 / total,
        "sitting": _relative(_by_sitting(counts, lengths, where)[where.of]),
        "sitting_best": _relative(where.best(window)),
        "relative": _relative(window),
        "relative_own": _relative(own),
        "speaker": _speaker(asked, said),
        "asks": marks["asks"],
        "has_question": marks["has_question"],
        "length": np.log1p(lengths),
        "opening": np.minimum(where.place, _OPENING) / _OPENING,
        "own_words": marks["own"],
        "after_question": after_question,
        "answers": after_question * where.beside(own, 1) / total,
        "time_wanted": marks["time"] * asked.when,
        "time_unasked": marks["time"] * (not asked.when),
        "number_wanted": marks["number"] * asked.count,
        "place_wanted": marks["place"] * asked.where,
        "quoted": marks["quoted"],
        "date": _dates(asked.date, said),
    }
    return np.stack([columns[name] for name in WORDS], axis=1)


def by_tokens(alike: Floats, where: Sittings) -> Floats:
    """One row for each message, one column for each of `TOKENS`.

    Args:
        alike: How alike each message is to the question by its tokens; 0 where that is not known.
        where: Sittings of the messages.
    """
    window = where.window(alike)
    spread = max(float(window.std()), _LITTLE)
    columns = {
        "tokens": alike,
        **{f"tokens_before_{n}": where.beside(alike, n) for n in (1, 2)},
        **{f"tokens_behind_{n}": where.beside(alike, -n) for n in (1, 2)},
        "tokens_relative": _relative(alike),
        "tokens_window": (window - window.mean()) / spread / 3,
        "tokens_sitting": _relative(where.best(alike)),
    }
    return np.stack([columns[name] for name in TOKENS], axis=1)


def _counts(asked: Asked, gists: Sequence[Gist]) -> Floats:
    """How often each stem of the question occurs in each message (stems by messages)."""
    counts = np.zeros((len(asked.stems), len(gists)))
    row = {stem: number for number, stem in enumerate(asked.stems)}
    wanted = row.keys()
    for index, one in enumerate(gists):
        for stem in wanted & one.stems.keys():
            counts[row[stem], index] = one.stems[stem]
    return counts


def _by_sitting(counts: Floats, lengths: Floats, where: Sittings) -> Floats:
    """BM25 of each sitting, read as one text."""
    together = np.add.reduceat(counts, where.starts, axis=1)
    length = np.add.reduceat(lengths, where.starts)
    return np.asarray(_bm25(together, length, _SITTING_K1, _SITTING_B)[1].sum(axis=0))


def _bm25(counts: Floats, lengths: Floats, k1: float, b: float) -> tuple[Floats, Floats]:
    total = counts.shape[1]
    known = (counts > 0).sum(axis=1)
    weights = np.log1p((total - known + 0.5) / (known + 0.5))
    norm = k1 * (1 - b + b * lengths / max(float(lengths.mean()), _LITTLE))
    return weights, weights[:, None] * counts * (k1 + 1) / (counts + norm)


def _relative(values: Floats) -> Floats:
    return values / max(float(values.max(initial=0.0)), _LITTLE)


def _speaker(asked: Asked, said: Sequence[Said]) -> Floats:
    """1 where the named speaker spoke, 0 where another did, and .5 where nobody is named."""
    if not asked.speaker:
        return np.full(len(said), 0.5)
    return np.array([one.speaker == asked.speaker for one in said], np.float64)


def _dates(wanted: Date | None, said: Sequence[Said]) -> Floats:
    """How near each message is to a date that the question names; news are told some days later."""
    if wanted is None:
        return np.zeros(len(said))
    known: dict[int, float] = {}
    for one in said:
        number = one.at // 86_400_000_000
        if number not in known:
            known[number] = _near(wanted, to_datetime(one.at).date())
    return np.array([known[one.at // 86_400_000_000] for one in said])


def _near(wanted: Date, at: date) -> float:
    if wanted.month == 0:
        return 0.3 if at.year == wanted.year else 0.0
    year = wanted.year or at.year
    gap = (at - date(year, wanted.month, min(wanted.day, 28) or 15)).days
    if wanted.day == 0:
        same = at.month == wanted.month and at.year == year
        return 1.0 if same else 0.5 if _MONTH_DAYS // 2 <= gap < _MONTH_DAYS else 0.0
    if abs(gap) <= 1:
        return 1.0
    return 0.6 if 0 <= gap <= _MONTH_DAYS // 2 else 0.2 if abs(gap) <= _MONTH_DAYS else 0.0
