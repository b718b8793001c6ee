"""What the chat itself says to a visitor, in the visitor's language; all else comes from the playbook."""

from collections.abc import Mapping
from typing import Literal

Notice = Literal["ai", "handed", "joined"]

_WORDS: Mapping[str, Mapping[Notice, str]] = {
    "en": {
        "ai": "You are talking to an AI assistant. You can ask for a human at any time.",
        "handed": "A colleague of ours has been asked to take over and will get back to you.",
        "joined": "This conversation was opened on another device.",
    },
    "de": {
        "ai": "Sie sprechen mit einem KI-Assistenten. Sie können jederzeit nach einem Menschen fragen.",
        "handed": "Wir haben jemanden aus unserem Team gebeten, zu übernehmen und sich bei Ihnen zu melden.",
        "joined": "Dieses Gespräch wurde auf einem anderen Gerät geöffnet.",
    },
}
LANGUAGES = tuple(_WORDS)
"""Languages the chat speaks; the first is spoken to everybody else."""


def notice(name: Notice, language: str) -> str:
    """The words of a notice.

    `ai` comes first in every conversation: a person is told that they talk to an AI (EU AI Act, Art. 50).

    >>> notice("ai", "fr") == notice("ai", "en")
    True
    """
    return _WORDS.get(language, _WORDS["en"])[name]
