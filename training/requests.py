"""Requests in many wordings: what the encoder must go on understanding while it learns emotions."""

from pathlib import Path

_FRAMES = (
    "{}",
    "can you {}",
    "i want to {}",
    "how do i {}",
    "please {} for me",
    "is it possible to {}?",
    "I would like to {}, thanks",
    "what do i need in order to {}",
    "Why can't I {}?",
    "i tried to {} but it did not work",
    "who can help me to {}",
    "Hi, we need to {} as soon as possible.",
)


def requests() -> list[str]:
    """Every request in every frame, in a fixed order."""
    lines = (Path(__file__).parent / "requests.txt").read_text(encoding="utf-8").splitlines()
    phrases = [line for line in lines if line and not line.startswith("#")]
    return [frame.format(phrase) for phrase in phrases for frame in _FRAMES]
