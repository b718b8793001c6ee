"""The text of a mail: its plain part where it says something, else its HTML read as text."""

from collections.abc import Iterable, Iterator

from segue.perception.mail.html import LONGEST, text_of_html
from segue.perception.mail.tree import Part

TEXT_AT_MOST = 200_000


def text_of(parts: Iterable[Part]) -> str:
    """The text that a mail shows, from its parts that are not attached."""
    shown = [part for part in parts if not part.attached]
    plain = [_plain(part) for part in shown if part.type == "text/plain"]
    text = "\n".join(item for item in plain if item.strip())
    if not text:
        text = "\n".join(item for item in _rich(shown) if item)
    return text[:TEXT_AT_MOST].strip("\n")


def _rich(parts: Iterable[Part]) -> Iterator[str]:
    """HTML parts as text, as far as one of them may be long: many take no longer than one."""
    left = LONGEST
    for part in parts:
        if part.type == "text/html" and left > 0:
            html = part.text[:left]
            left -= len(html)
            yield text_of_html(html)


def unwrapped(text: str) -> str:
    r"""Join softly wrapped lines again (RFC 3676); quoted lines and the signature mark stay as they are.

    >>> unwrapped("one \ntwo\n-- \nAnn")
    'one two\n-- \nAnn'
    """
    joined: list[str] = []
    soft = False
    for line in text.split("\n"):
        bare = line.removeprefix(" ")
        marked = bare == "-- " or bare.startswith(">")
        if soft and not marked:
            joined[-1] += bare
        else:
            joined.append(bare)
        soft = bare.endswith(" ") and not marked
    return "\n".join(joined)


def _plain(part: Part) -> str:
    text = part.text.replace("\r\n", "\n").replace("\r", "\n")
    return unwrapped(text) if part.flowed else text
