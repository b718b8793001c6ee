"""Tier 0 against the own sets: wishes, promises, times; structured personal data against a public set.

`python -m benchmarks.perception_rules [PII_FILE]` prints JSON. The half of the own set that is held back is
counted beside the half the rules were developed on; its sentences are never printed.
"""

import json
import sys
import time
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

from segue.core import redact
from segue.core.records.percepts import Percept
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.perception import RulePerceiver

OWN = Path(__file__).parent / "data" / "wishes.jsonl"
_KINDS = {
    "EMAIL_ADDRESS": "email",
    "CREDIT_CARD": "card",
    "IBAN_CODE": "iban",
    "US_SSN": "ssn",
    "PHONE_NUMBER": "phone",
    "IP_ADDRESS": "ip",
}
"""Structured kinds of the public set by what they are called here."""


def message(text: str, channel: str = "email") -> Signal:
    """A message of a customer."""
    at = Instant(0)
    return Signal("m", "bench", "m", Kind.MESSAGE_RECEIVED, (), at, at, {"text": text, "channel": channel})


def wishes(path: Path = OWN) -> dict[str, Any]:
    """F1 of wishes, promises, times and absences, in percent, for either half of the own set."""
    perceiver = RulePerceiver.of({})
    counts: dict[str, dict[str, list[int]]] = {"developed": {}, "held_back": {}}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        half = "held_back" if int(sha256(row["text"].encode()).hexdigest()[0], 16) % 2 else "developed"
        found = _found(perceiver.perceive(message(row["text"])))
        for part, gold in _gold(row).items():
            tally = counts[half].setdefault(part, [0, 0, 0])
            for n, number in enumerate((gold & found[part], found[part] - gold, gold - found[part])):
                tally[n] += len(number)
    return {half: {part: _f1(*tally) for part, tally in parts.items()} for half, parts in counts.items()}


def personal_data(path: Path) -> dict[str, Any]:
    """Recall and precision of structured personal data: a span is found where one of its kind overlaps it."""
    hits: dict[str, list[int]] = {kind: [0, 0] for kind in _KINDS.values()}
    right = wrong = 0
    for row in json.loads(path.read_text(encoding="utf-8")):
        gold = [
            (_KINDS[span["entity_type"]], span["start_position"], span["end_position"])
            for span in row["spans"]
            if span["entity_type"] in _KINDS
        ]
        spans = redact.find(row["full_text"])
        for kind, start, end in gold:
            caught = any(span.kind == kind and span.start < end and start < span.end for span in spans)
            hits[kind][0] += caught
            hits[kind][1] += 1
        for span in spans:
            true = any(
                kind == span.kind and span.start < end and start < span.end for kind, start, end in gold
            )
            right, wrong = right + true, wrong + (not true)
    caught_all, gold_all = (sum(pair[n] for pair in hits.values()) for n in (0, 1))
    return {
        "recall": _percent(caught_all, gold_all),
        "precision": _percent(right, right + wrong),
        "by_kind": {kind: {"recall": _percent(*pair), "n": pair[1]} for kind, pair in hits.items()},
    }


def figures(path: Path) -> dict[str, Any]:
    """Figures of tier 0: the half that is held back, personal data, CPU time."""
    held_back, spent, found = wishes()["held_back"], tier0_ms(), personal_data(path)
    return {
        **{f"{part}_f1": held_back[part] for part in ("wishes", "promises", "times")},
        "personal_data_recall": found["recall"],
        "personal_data_precision": found["precision"],
        "tier0_plain_cpu_ms": spent["plain"],
        "tier0_with_wishes_cpu_ms": spent["with_wishes"],
    }


def tier0_ms(repeats: int = 300) -> dict[str, float]:
    """CPU time of one message of twenty words, in milliseconds: one with wishes and promises, one without."""
    plain = "Thanks for the new report view, it works well and our team in Leeds uses it daily now, really."
    busy = (
        "Hello, thanks for the demo. Please don't call me before 10 am, I'll send you the signed "
        "contract on Friday."
    )
    return {"plain": _cpu_ms(plain, repeats), "with_wishes": _cpu_ms(busy, repeats)}


def _cpu_ms(text: str, repeats: int) -> float:
    perceiver = RulePerceiver.of({})
    perceiver.perceive(message(text))
    begun = time.process_time()
    for _ in range(repeats):
        perceiver.perceive(message(text))
    return round((time.process_time() - begun) / repeats * 1_000, 3)


def _found(percept: Percept | None) -> dict[str, set[Any]]:
    if percept is None:
        return {"wishes": set(), "promises": set(), "times": set(), "away": set()}
    return {
        "wishes": {(wish.kind, wish.value) for wish in percept.preferences},
        "promises": {(one.who, one.what, one.due) for one in percept.promises},
        "times": {one.value for one in percept.entities if one.kind == "time"},
        "away": {percept.away_until} - {""},
    }


def _gold(row: dict[str, Any]) -> dict[str, set[Any]]:
    return {
        "wishes": _tuples(row["wishes"]),
        "promises": _tuples(row["promises"]),
        "times": set(row["times"]),
        "away": {row.get("away", "")} - {""},
    }


def _tuples(rows: Iterable[list[Any]]) -> set[Any]:
    return {tuple(row) for row in rows}


def _f1(right: int, extra: int, missed: int) -> float:
    return _percent(2 * right, 2 * right + extra + missed)


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 100.0


def main() -> None:
    """Print all measures as JSON."""
    found: dict[str, Any] = {"wishes_f1": wishes(), "tier0_ms": tier0_ms()}
    if len(sys.argv) > 1:
        found["personal_data"] = personal_data(Path(sys.argv[1]))
    sys.stdout.write(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
