"""Facts of the occasion: which link was followed, and how likely a person did it."""

import pytest

from segue.core.records.binding import Binding
from segue.core.records.percepts import Percept
from segue.graph.occasion import OCCASION
from tests.build import a_context, a_playbook, a_signal

PLAYBOOK = a_playbook()


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://acme.example/pricing?utm_source=mail#top", "/pricing"),
        ("https://acme.example/pricing/", "/pricing"),
        ("https://acme.example", "/"),
        ("pricing", "/"),
    ],
)
def test_a_followed_link_is_known_by_its_path(url: str, path: str) -> None:
    binding = Binding(a_context(), PLAYBOOK, a_signal("link.clicked", {"url": url}), None)

    assert OCCASION["signal.link"].of(binding) == path


def test_a_link_in_another_kind_of_signal_was_not_followed() -> None:
    binding = Binding(
        a_context(), PLAYBOOK, a_signal("page.viewed", {"url": "https://x.example/pricing"}), None
    )

    assert OCCASION["signal.link"].of(binding) == ""


def test_a_scanners_click_counts_for_little_and_what_is_not_read_for_a_person() -> None:
    click = a_signal("link.clicked", {"url": "https://x.example/pricing"})

    scanned = Binding(a_context(), PLAYBOOK, click, Percept("m", human_ppm=50_000))
    unread = Binding(a_context(), PLAYBOOK, click, None)

    assert OCCASION["signal.human_percent"].of(scanned) == 5
    assert OCCASION["signal.human_percent"].of(unread) == 100
