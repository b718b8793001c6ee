"""NLU++: several intents a turn, in two domains, from a tenth of the turns; measured on the other nine."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from sklearn.model_selection import cross_val_predict  # type: ignore[import-untyped]
from sklearn.multiclass import OneVsRestClassifier  # type: ignore[import-untyped]

from benchmarks.perception.base import Base
from benchmarks.perception.figures import f1_ahead, micro_f1, percent
from segue.encoder import CachedEncoder, shipped
from segue.perception.intents import IntentModel

DOMAINS = ("banking", "hotels")
FOLDS = 10
DRAWS = (0, 1, 2)
THRESHOLDS = np.linspace(0.05, 0.7, 66)

Array = NDArray[Any]


def measure(folder: Path, plain: Base | None, *, quick: bool) -> dict[str, Any]:
    """Micro-F1 of both domains together, beside both baselines."""
    read = CachedEncoder(shipped())
    counted: dict[str, list[Array]] = {"ours": [], "tfidf": [], "base": []}  # by turn, all draws together
    for domain in DOMAINS:
        turns = json.loads((folder / "intents" / f"nlupp_{domain}.json").read_text(encoding="utf-8"))
        texts = [turn["text"] for turn in turns]
        labels = [turn.get("intents", []) for turn in turns]
        fold = np.random.default_rng(0).permutation(len(turns)) % FOLDS
        vectors = plain.vectors(texts) if plain is not None else None
        sums = {name: np.zeros((len(turns), 3)) for name in counted}
        for draw in DRAWS[:1] if quick else DRAWS:
            inside, outside = np.flatnonzero(fold == draw), np.flatnonzero(fold != draw)
            names = sorted({name for i in inside for name in labels[i]})
            wanted = [set(labels[i]) for i in outside]
            sums["ours"][outside] += _counts(_ours(texts, labels, inside, outside, read), wanted)
            words = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)).fit([texts[i] for i in inside])
            bags = words.transform(texts)
            sums["tfidf"][outside] += _counts(_linear(bags, labels, names, inside, outside), wanted)
            if vectors is not None:
                sums["base"][outside] += _counts(_linear(vectors, labels, names, inside, outside), wanted)
        for name, each in sums.items():
            if each.any():
                counted[name].append(each)
    joined = {name: np.concatenate(counts) for name, counts in counted.items() if counts}
    figures: dict[str, Any] = {"nlupp_f1": percent(micro_f1(joined["ours"]))}
    for name in [name for name in joined if name != "ours"]:
        figures[f"nlupp_f1_of_{name}"] = percent(micro_f1(joined[name]))
        told = f1_ahead(joined["ours"], joined[name])
        figures |= {f"nlupp_f1_ahead_of_{name}{end}": value for end, value in told.items()}
    return figures


def _ours(
    texts: list[str], labels: list[list[str]], inside: Array, outside: Array, read: CachedEncoder
) -> list[set[str]]:
    examples: dict[str, list[str]] = {}
    for i in inside:
        for name in labels[i]:
            examples.setdefault(name, []).append(texts[i])
    model = IntentModel({n: t for n, t in sorted(examples.items()) if len(set(t)) > 1}, read)
    return [{guess.label for guess in model.read(texts[i])} for i in outside]


def _linear(
    x: Any,  # noqa: ANN401 - scikit-learn takes dense and sparse alike
    labels: list[list[str]],
    names: list[str],
    inside: Array,
    outside: Array,
) -> list[set[str]]:
    """One logistic regression a label, with the threshold that is best on the turns it learns from."""
    wanted = np.array([[name in labels[i] for name in names] for i in inside], int)
    model = OneVsRestClassifier(LogisticRegression(C=30.0, max_iter=300))
    known = cross_val_predict(model, x[inside], wanted, cv=5, method="predict_proba")
    agreed = [((known >= t) * wanted).sum() / ((known >= t).sum() + wanted.sum()) for t in THRESHOLDS]
    told = model.fit(x[inside], wanted).predict_proba(x[outside]) >= THRESHOLDS[int(np.argmax(agreed))]
    return [{names[j] for j in np.flatnonzero(row)} for row in told]


def _counts(told: list[set[str]], wanted: list[set[str]]) -> Array:
    return np.array([(len(a & b), len(a), len(b)) for a, b in zip(told, wanted, strict=True)], float)
