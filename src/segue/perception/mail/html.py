"""HTML to the text a person saw: quoted mail marked as such, what is hidden left out."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from segue.perception.mail.nesting import takes_long

QUOTED_MARK = "> "
SIGNATURE_MARK = "-- "
ORIGINAL_MARK = "-----Original Message-----"

LONGEST = 400_000
"""Characters of HTML that are read."""

_ANY_TAG = re.compile(r"<[^<>]*>")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|mso-hide\s*:\s*all"
)
_SKIPPED = frozenset(
    (
        "head", "script", "style", "title", "template", "noscript", "svg", "object", "iframe",
        "select", "textarea", "button", "audio", "video", "math", "-comment", "!doctype",
    )
)  # fmt: skip
_BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt",
        "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
        "html", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "tfoot",
        "thead", "tr", "ul",
    )
)  # fmt: skip
_QUOTES = frozenset({"gmail_quote", "yahoo_quoted", "protonmail_quote", "tutanota_quote", "zmail_extra"})
_SIGNATURES = frozenset({"gmail_signature", "moz-signature", "signature", "protonmail_signature_block"})
_ORIGINALS = frozenset({"divrplyfwdmsg", "appendonsend", "mail-editor-reference-message-container"})
"""Ids and classes with which mail programs mark a quote, a signature, and where an original begins."""


def text_of_html(html: str) -> str:
    r"""Read HTML as lines of text.

    Quoted mail gets `> ` before each line, a signature `-- ` above it, an original below it its usual mark.

    >>> text_of_html("<p>Yes,<br>Thursday.</p><blockquote>Which day?</blockquote>")
    'Yes,\nThursday.\n\n> Which day?'
    """
    html = html[:LONGEST].replace("\x00", "")
    if takes_long(html):
        return _SPACES.sub(" ", _ANY_TAG.sub(" ", html)).strip()
    root = LexborHTMLParser(html).root
    if root is None:
        return ""
    lines = _Lines()
    _walk(root, lines)
    return lines.text()


class _Lines:
    """Lines as they are gathered: the open line, how deep in quotes, and whether space is kept."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._open: list[str] = []
        self.quotes = 0
        self.kept = 0

    def say(self, text: str) -> None:
        if self.kept:
            first, *more = text.split("\n")
            self._open.append(first)
            for line in more:
                self.end()
                self._open.append(line)
            return
        words = _SPACES.sub(" ", text)
        if words == " " and not self._open:
            return
        self._open.append(words)

    def end(self, *, blank: bool = False) -> None:
        line = "".join(self._open)
        line = line.rstrip() if self.kept else line.strip(" ")
        if line or blank:
            self._done.append(f"{QUOTED_MARK * min(self.quotes, 1)}{line}")
        self._open = []

    def mark(self, line: str) -> None:
        self.end()
        self._done.append(line)

    def text(self) -> str:
        self.end()
        return "\n".join(self._done).strip("\n")


def _walk(root: LexborNode, lines: _Lines) -> None:
    """Visit every node without recursion: mails nest as deep as their writers like."""
    node: LexborNode | None = root
    while node is not None:
        enters = _enter(node, lines)
        if enters and node.child is not None:
            node = node.child
            continue
        if enters:
            _leave(node, lines)
        while node is not None and node.next is None:
            node = node.parent
            if node is not None:
                _leave(node, lines)
        node = node.next if node is not None else None


def _enter(node: LexborNode, lines: _Lines) -> bool:
    """Begin a node; False where nothing in it is read."""
    tag = node.tag or ""
    if tag == "-text":
        lines.say(node.text(deep=False, skip_empty=False) or "")
        return True
    if tag in _SKIPPED or _is_hidden(node):
        return False
    if tag == "br":
        lines.end(blank=True)
    elif tag == "img" or tag in {"td", "th"}:
        lines.say(" ")
    if tag in _BLOCKS:
        lines.end()
    lines.kept += tag == "pre"
    if tag == "li":
        lines.say("- ")
    names = _names(node)
    if names & _ORIGINALS:
        lines.mark(ORIGINAL_MARK)
    elif names & _SIGNATURES:
        lines.mark(SIGNATURE_MARK)
    lines.quotes += _quotes(tag, names)
    return True


def _leave(node: LexborNode, lines: _Lines) -> None:
    tag = node.tag or ""
    if tag in _BLOCKS:
        lines.end()
    if tag == "p":
        lines.mark("")
    lines.kept -= tag == "pre"
    lines.quotes -= _quotes(tag, _names(node))


def _quotes(tag: str, names: frozenset[str]) -> int:
    return int(tag == "blockquote" or bool(names & _QUOTES))


def _names(node: LexborNode) -> frozenset[str]:
    if (node.tag or "").startswith("-"):
        return frozenset()
    given = node.attributes
    words = f"{given.get('id') or ''} {given.get('class') or ''}"
    return frozenset(words.lower().split())


def _is_hidden(node: LexborNode) -> bool:
    if (node.tag or "").startswith("-"):
        return False
    given = node.attributes
    return "hidden" in given or _HIDDEN.search((given.get("style") or "").lower()) is not None
