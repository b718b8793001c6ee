"""A text as plain HTML: the same words, paragraphs and links, nothing loaded from anywhere."""

import re
from html import escape

_LINK = re.compile(r"https?://[^\s<>\"')\]]+[^\s<>\"')\].,;:!?]", re.IGNORECASE)
_PAGE = (
    '<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head>\n'
    '<body dir="auto" style="font-family: sans-serif; line-height: 1.5">\n{body}\n</body></html>'
)
_FOOT = '<div style="margin-top: 2em; font-size: 0.85em; color: #555">\n{foot}\n</div>'


def html_of(text: str, foot: str = "") -> str:
    """Write a text, and a footer below it, as an HTML page.

    >>> "<p>1 &lt; 2</p>" in html_of("1 < 2")
    True
    """
    body = _paragraphs(text)
    return _PAGE.format(body=f"{body}\n{_FOOT.format(foot=_paragraphs(foot))}" if foot else body)


def _paragraphs(text: str) -> str:
    parts = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n").strip("\n"))
    return "\n".join(f"<p>{_lines(part)}</p>" for part in parts if part.strip())


def _lines(part: str) -> str:
    return "<br>\n".join(_linked(line) for line in part.split("\n"))


def _linked(line: str) -> str:
    done, place = [], 0
    for found in _LINK.finditer(line):
        url = escape(found[0])
        done += [escape(line[place : found.start()]), f'<a href="{url}">{url}</a>']
        place = found.end()
    return "".join((*done, escape(line[place:])))
