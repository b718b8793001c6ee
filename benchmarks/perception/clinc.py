"""CLINC150: 150 intents from 10 examples each or from all, and requests that are none of them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped]
from sklearn.svm import LinearSVC  # type: ignore[import-untyped]

from benchmarks.perception.base import Base
from benchmarks.perception.figures import ahead, ece, percent
from segue.encoder import CachedEncoder, shipped
from segue.perception.intents import IntentModel

SHOTS = 10
SEEDS = (1, 2, 3)
BASE_C = 100.0
"""Best for the base on the validation part, of 1, 3, 10, 30 and 100."""

Rows = list[list[str]]
Right = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the set as (text, intent)."""

    train: Rows
    test: Rows
    unknown: Rows


def measure(folder: Path, plain: Base | None, *, quick: bool) -> dict[str, Any]:
    """All figures of the set."""
    raw = json.loads((folder / "intents" / "clinc150.json").read_text(encoding="utf-8"))
    parts = Parts(raw["train"], raw["test"], raw["oos_test"])
    read = CachedEncoder(shipped())
    seeds = SEEDS[:1] if quick else SEEDS
    shots = [_drawn(parts.train, seed) for seed in seeds]
    ours = [_ours(rows, parts, read) for rows in shots]
    figures: dict[str, Any] = {
        f"clinc_10_{name}": _mean(told[name] for told, _ in ours) for name in ours[0][0]
    }
    right = np.stack([right for _, right in ours])
    others = {"tfidf": np.stack([_tfidf(rows, parts.test) for rows in shots])}
    if plain is None:
        figures["told"] = "the base model cannot be had: nothing measured beside it"
    else:
        known = dict(zip([t for t, _ in parts.test], plain.vectors([t for t, _ in parts.test]), strict=True))
        others["base"] = np.stack([_base(rows, parts.test, plain, known) for rows in shots])
    for name, theirs in others.items():
        figures[f"clinc_10_accuracy_of_{name}"] = percent(theirs.mean())
        told = ahead(right - theirs)
        figures |= {f"clinc_10_accuracy_ahead_of_{name}{end}": value for end, value in told.items()}
    if not quick:
        full, full_right = _ours(parts.train, parts, read)
        figures |= {f"clinc_full_{name}": value for name, value in full.items()}
        theirs = _tfidf(parts.train, parts.test)
        figures["clinc_full_accuracy_of_tfidf"] = percent(theirs.mean())
        if plain is not None:
            theirs = _base(parts.train, parts.test, plain, known)
            figures["clinc_full_accuracy_of_base"] = percent(theirs.mean())
            figures["clinc_full_accuracy_ahead_of_base"] = percent((full_right - theirs).mean())
    return figures


def _drawn(rows: Rows, seed: int) -> Rows:
    rng = np.random.default_rng(seed)
    labels = np.array([label for _, label in rows])
    return [
        rows[int(i)]
        for label in sorted(set(labels))
        for i in rng.choice(np.flatnonzero(labels == label), SHOTS, replace=False)
    ]


def _ours(rows: Rows, parts: Parts, read: CachedEncoder) -> tuple[dict[str, float], Right]:
    """Figures of the shipped encoder and classifier; the threshold is the model's, from its examples."""
    examples: dict[str, list[str]] = {}
    for text, label in rows:
        examples.setdefault(label, []).append(text)
    model = IntentModel(examples, read)
    known = [model.read(text)[0] for text, _ in parts.test]
    unknown = np.array([model.read(text)[0].belief for text, _ in parts.unknown])
    right = np.array(
        [guess.label == label for guess, (_, label) in zip(known, parts.test, strict=True)], float
    )
    belief = np.array([guess.belief for guess in known])
    p = np.array([guess.p for guess in known])
    surest = np.argsort(-p)[: int(0.8 * len(p))]
    told = {
        "accuracy": percent(right.mean()),
        "oos_auroc": percent(_auroc(belief, unknown)),
        "oos_auroc_of_p_alone": percent(_auroc(p, np.array([model.read(t)[0].p for t, _ in parts.unknown]))),
        "oos_recall": percent((unknown < model.accept).mean()),
        "rejected": percent((belief < model.accept).mean()),
        "ece": percent(ece(p, right)),
        "accuracy_of_surest_80": percent(right[surest].mean()),
    }
    return told, right


def _base(rows: Rows, test: Rows, plain: Base, known: dict[str, Any]) -> Right:
    vectors, labels = plain.vectors([text for text, _ in rows]), [label for _, label in rows]
    model = LogisticRegression(C=BASE_C, max_iter=300).fit(vectors, labels)
    return _right(model.predict(np.stack([known[text] for text, _ in test])), test)


def _tfidf(rows: Rows, test: Rows) -> Right:
    words = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2))
    model = LinearSVC(C=1.0).fit(words.fit_transform([t for t, _ in rows]), [label for _, label in rows])
    return _right(model.predict(words.transform([text for text, _ in test])), test)


def _right(predicted: Any, test: Rows) -> Right:  # noqa: ANN401 - scikit-learn has no stubs
    return np.array([str(one) == label for one, (_, label) in zip(predicted, test, strict=True)], float)


def _auroc(known: Right, unknown: Right) -> float:
    truth = np.concatenate([np.ones(len(known)), np.zeros(len(unknown))])
    return float(roc_auc_score(truth, np.concatenate([known, unknown])))


def _mean(values: Any) -> float:  # noqa: ANN401 - any iterable of floats
    return round(float(np.mean(list(values))), 2)
