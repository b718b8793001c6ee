"""Whose words are whose: what was written now, apart from quotes, forwards, signatures and disclaimers.

One pass over the lines, each looked at once: a mail of any length takes time in proportion (docs/adr/0008).
"""

import re
from dataclasses import dataclass

_LINES_LOOKED_AT = 5_000
_ATTRIBUTION_LINES = 3
_HEAD_LINES = 6
_CLOSING_LINES = 8
_CLOSING_WORDS = 7

_FROM = r"from|von|de|da|van|od|från|fra|mittente|remitente"
_WHEN = (
    r"sent|date|gesendet|datum|envoyé|fecha|enviado(?: el)?|inviato|data|verzonden|wysłano|skickat|"
    r"to|an|à|para"
)
_SAID = (
    r"wrote|writes|schrieb(?: .{0,80})?|a écrit|escribió|escreveu|ha scritto|schreef(?: .{0,80})?|"
    r"napisał\(?a?\)?|skrev|geschrieben"
)
_ATTRIBUTION = re.compile(
    rf"(?:on|am|le|el|em|il|op|dnia|w dniu|den)\b.{{1,280}}?\b(?:{_SAID})\s{{0,3}}:$", re.IGNORECASE
)
_NAME_WROTE = re.compile(rf"[^.!?]{{1,120}}<[^<>\s]{{3,120}}> (?:{_SAID})\s{{0,3}}:$", re.IGNORECASE)
_BEGINS_ATTRIBUTION = re.compile(r"(?:on|am|le|el|em|il|op|dnia|w dniu|den)\b.*\d", re.IGNORECASE)
_ORIGINAL = re.compile(
    r"-{2,}\s?(?:original|ursprüngliche|message d'origine|mensaje original|messaggio originale|"
    r"oorspronkelijk|wiadomość oryginalna)",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"-{2,}\s?(?:forwarded|weitergeleitete|message transféré|mensaje reenviado|messaggio inoltrato|"
    r"doorgestuurd)|begin forwarded message:|anfang der weitergeleiteten",
    re.IGNORECASE,
)
_RULE = re.compile(r"_{10,}$")
_HEAD = re.compile(rf"\*?(?:{_FROM})\s?:\*?\s*\S", re.IGNORECASE)
_HEAD_GOES_ON = re.compile(rf"\*?(?:{_WHEN})\s?:\*?", re.IGNORECASE)
_DEVICE = re.compile(
    r"(?:sent|gesendet|envoyé|enviado|inviato|verzonden|wysłane) (?:from|with|von|mit|de|da|desde|vanaf|z) "
    r"(?:my |meinem |mein |mon |mi |il mio |mijn |mojego )?\S.{0,60}$|get outlook for \S|"
    r"von meinem .{2,40} gesendet|holen sie sich outlook",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:(?:kind|best|warm|many|with kind|with best) )?(?:regards|wishes)|best|cheers|thanks|thank you|"
    r"many thanks|sincerely|"
    r"yours(?: (?:sincerely|faithfully|truly))?|mit (?:freundlichen|besten|herzlichen) grüßen|"
    r"(?:viele|beste|liebe|freundliche|herzliche|schöne) grüße|mfg|lg|vg|gruß|cordialement|bien cordialement|"
    r"saludos(?: cordiales)?|un saludo|cordiali saluti|saluti|met vriendelijke groet(?:en)?|pozdrawiam|"
    r"z poważaniem|atenciosamente",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"(?:confidentiality notice|disclaimer\b|(?:this|the information in this|the contents? of this) "
    r"(?:e-?mail|message|communication)\b.*\b(?:confidential|intended|privileged)|"
    r"diese (?:e-?mail|nachricht)\b.*\b(?:vertraulich|bestimmt)|"
    r"ce (?:message|courriel|e-?mail)\b.*\bconfidentiel|este (?:mensaje|correo)\b.*\bconfidencial|"
    r"questo (?:messaggio|e-?mail)\b.*\briservat)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a mail, apart.

    Attributes:
        own: What the writer wrote now.
        quoted: What they quote of earlier mails.
        forwarded: What they pass on.
        signature: How they sign, device lines included.
        disclaimer: What their company appends.
    """

    own: str
    quoted: str = ""
    forwarded: str = ""
    signature: str = ""
    disclaimer: str = ""


def apart(text: str) -> Words:
    r"""Take a mail's text apart.

    >>> apart("Thursday.\n\nOn Mon, 5 Oct 2026, Acme <hello@acme.example> wrote:\n> Which day?").own
    'Thursday.'
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    placed = list(zip(lines, rooms(lines), strict=True))
    return Words(
        *(
            "\n".join(line for line, room in placed if room == name).strip("\n").strip()
            for name in Words.__dataclass_fields__
        )
    )


def rooms(lines: list[str]) -> list[str]:
    """Where each line belongs: `own`, `quoted`, `forwarded`, `signature` or `disclaimer`."""
    found: list[str] = []
    room = "own"
    marked = any(line.lstrip().startswith(">") for line in lines)
    while len(found) < len(lines):
        place = len(found)
        line = lines[place].strip()
        taken, where = 1, room
        if line.startswith(">"):
            where = "quoted"
        elif room == "own" and place < _LINES_LOOKED_AT:
            taken, where, room = _placed(lines, place, line, marked=marked)
        found += [where] * taken
    own = [place for place, where in enumerate(found) if where == "own"]
    for place in own[_closing([lines[place] for place in own]) :]:
        found[place] = "signature"
    return found


def _placed(lines: list[str], place: int, line: str, *, marked: bool) -> tuple[int, str, str]:
    """How many lines belong together from here on, where they go, and where what follows goes."""
    attribution = _attribution(lines, place, line)
    if attribution:
        return attribution, "quoted", "own" if marked else "quoted"
    if _FORWARDED.match(line):
        return 1, "forwarded", "forwarded"
    if _ORIGINAL.match(line) or _is_head(lines, place, line):
        return 1, "quoted", "quoted"
    if line in {"--", "—"}:
        return 1, "signature", "signature"
    if _DEVICE.match(line[:200]):
        return 1, "signature", "own"
    if _DISCLAIMER.match(line[:600]):
        return 1, "disclaimer", "disclaimer"
    return 1, "own", "own"


def _attribution(lines: list[str], place: int, line: str) -> int:
    """Lines of `On Monday Ann wrote:`, which mail programs wrap; 0 where it is none."""
    if not line or not (_BEGINS_ATTRIBUTION.match(line[:300]) or line.endswith(":")):
        return 0
    told = ""
    for count in range(1, _ATTRIBUTION_LINES + 1):
        if place + count > len(lines):
            return 0
        told = f"{told} {lines[place + count - 1].strip()}".strip()[:400]
        if _ATTRIBUTION.match(told) or _NAME_WROTE.match(told):
            return count
    return 0


def _is_head(lines: list[str], place: int, line: str) -> bool:
    """Whether the head of a quoted mail begins: `From:` with its `Sent:` or `To:` soon after, or its rule."""
    if _RULE.match(line):
        following = next((item.strip() for item in lines[place + 1 : place + 3] if item.strip()), "")
        return not following or _HEAD.match(following[:200]) is not None
    if not _HEAD.match(line[:200]):
        return False
    after = [item.strip()[:200] for item in lines[place + 1 : place + _HEAD_LINES]]
    return sum(1 for item in after if _HEAD_GOES_ON.match(item)) > 1


def _closing(lines: list[str]) -> int:
    """Where the closing begins: `Kind regards`, and the few short lines of a name below it."""
    ends = len(lines)
    while ends and not lines[ends - 1].strip():
        ends -= 1
    for place in range(ends - 1, max(ends - 1 - _CLOSING_LINES, 0), -1):
        line = lines[place].strip()
        if len(line) <= 60 and _CLOSING.fullmatch(line.rstrip(",.!- ")):  # noqa: PLR2004 - a line of a closing
            below = [item.strip() for item in lines[place + 1 : ends]]
            if all(_is_short(item) for item in below):
                return place
    return len(lines)


def _is_short(line: str) -> bool:
    return len(line.split()) <= _CLOSING_WORDS and not line.endswith("?")
