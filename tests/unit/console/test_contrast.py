"""Every colour of the style sheet can be read on what it stands on: WCAG 2.2, level AA."""

import re

import pytest

from segue.console.rendering import style

AA = 4.5
AA_SHAPES = 3.0
SURFACES = ("paper", "card", "sunk")
WORDS = ("ink", "quiet", "link", "accent", "warn", "bad")
BADGES = ("good", "warn", "bad", "blue", "grey", "violet")


def themes() -> dict[str, dict[str, str]]:
    light, dark = re.findall(r":root \{(.*?)\}", style(), re.DOTALL)
    return {
        name: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
        for name, block in (("light", light), ("dark", dark))
    }


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


PAIRS = [(word, surface) for word in WORDS for surface in SURFACES]
PAIRS += [(badge, f"{badge}-bg") for badge in BADGES]
PAIRS += [("paper", "accent"), ("ink", "blue-bg"), ("paper", "ink"), ("bad-bg", "bad"), ("link", "card")]
SHAPES = [("edge", surface) for surface in ("paper", "card")]
SHAPES += [("focus", surface) for surface in SURFACES] + [
    (f"bar-{name}", "card") for name in ("done", "asked")
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("word", "surface"), PAIRS)
def test_words_stand_out_from_what_they_stand_on(theme: str, word: str, surface: str) -> None:
    colours = themes()[theme]

    assert contrast(colours[word], colours[surface]) >= AA


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "surface"), SHAPES)
def test_shapes_that_tell_something_stand_out(theme: str, shape: str, surface: str) -> None:
    colours = themes()[theme]

    assert contrast(colours[shape], colours[surface]) >= AA_SHAPES
