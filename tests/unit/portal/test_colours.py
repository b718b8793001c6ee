"""Every colour of the pages and of the widget can be read on what it stands on: WCAG 2.2, level AA."""

import re

import pytest

from segue.portal.assets import asset

AA = 4.5
PAGE_PAIRS = [
    *((word, surface) for word in ("ink", "quiet", "link") for surface in ("paper", "card")),
    ("on-accent", "accent"),
    ("good", "good-bg"),
    ("bad", "bad-bg"),
]
WIDGET_PAIRS = [
    ("ink", "paper"),
    ("ink", "soft"),
    ("quiet", "paper"),
    ("quiet", "soft"),
    ("on", "a"),
    ("a", "soft"),
]


def page_themes() -> dict[str, dict[str, str]]:
    light, dark = re.findall(r":root \{(.*?)\}", asset("portal.css"), re.DOTALL)
    return {
        name: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
        for name, block in (("light", light), ("dark", dark))
    }


def widget_themes() -> dict[str, dict[str, str]]:
    light, dark = re.findall(r":host\{((?:all|--a).*?)color-scheme", asset("widget.js"), re.DOTALL)[:2]
    return {name: _of(block) for name, block in (("light", light), ("dark", dark))}


def _of(block: str) -> dict[str, str]:
    found = dict(re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})", block))
    found |= dict(re.findall(r"--(a|on):var\([^,]+,(#[0-9a-f]{3,6})\)", block))
    return {
        name: value if len(value) == 7 else "#" + "".join(c * 2 for c in value[1:])
        for name, value in found.items()
    }


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("word", "surface"), PAGE_PAIRS)
def test_words_of_the_pages_stand_out(theme: str, word: str, surface: str) -> None:
    colours = page_themes()[theme]

    assert contrast(colours[word], colours[surface]) >= AA


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("word", "surface"), WIDGET_PAIRS)
def test_words_of_the_widget_stand_out(theme: str, word: str, surface: str) -> None:
    colours = widget_themes()[theme]

    assert contrast(colours[word], colours[surface]) >= AA
