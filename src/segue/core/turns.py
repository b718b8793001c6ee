"""Who says what in a transcript: turns by speaker, in the forms that calls, meetings and chats write."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

CUSTOMER: Final = "customer"
"""How the customer's side is named, whatever a transcript calls it."""

_OURS: Final = re.compile(
    r"\b(?:agente?|agents|advis[eo]r|representative|reps?|support|sales|host|(?:chat)?bot|assistant|operator|"
    r"system|moderator|interviewer|us|we|success|services?|helpdesk|manager|ae|csm|engineer|berater(?:in)?|"
    r"mitarbeiter(?:in)?|vertrieb|conseill(?:er|ère)|asesor|consulente|medewerker|konsultant)\b",
    re.IGNORECASE,
)
_THEIRS: Final = re.compile(
    r"\b(?:customers?|clients?|caller|user|visitor|guest|prospect|buyer|lead|contact|shopper|kunde|kundin|"
    r"anrufer|clienti|cliente|klant|klient(?:ka)?|kund)\b|^(?:me|i|ich|moi|yo|io|ik|ja)$",
    re.IGNORECASE,
)
_HIRED: Final = re.compile(
    r"(?:(?:live|support|service|chat|sales|customer service)\s)?(?:agent|representative|rep|"
    r"advis[eo]r|operator|assistant|(?:chat)?bot)(?:\s\w+)?",
    re.IGNORECASE,
)
"""Labels that nothing but a conversation has; `Support:` may head a line of a list."""

_SAID: Final = re.compile(r"\s(?:wrote|writes|said|says|schrieb|a écrit|escribió|ha scritto)$", re.IGNORECASE)
_STAMP = r"\[?\(?(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?(?: ?[ap]m)?\)?\]?"
_NAME = r"[^\W\d_][^:\n<>\[\]()*\d]{0,38}"
_LABELLED: Final = re.compile(
    rf"\s{{0,8}}\*{{0,2}}(?:\[?[\d/.-]{{6,10}},? )?(?P<stamp>{_STAMP})?\s{{0,3}}[-–]?\s{{0,3}}"
    rf"(?:<v(?:\.[^\s>]{{1,20}})?\s(?P<voice>[^>\n]{{1,60}})>"
    rf"|(?P<name>{_NAME})(?P<role>\s?[(\[][^\W\d_][^()\[\]\n:\d]{{1,30}}[)\]])?"
    rf"(?:\s\(?(?P<after>{_STAMP})\)?)?\s?\*{{0,2}}:\*{{0,2}}(?![/\d]))[^\S\n]*",
    re.IGNORECASE,
)
_ALONE: Final = re.compile(rf"\s{{0,8}}(?P<name>{_NAME}?)\s{{1,4}}{_STAMP}\s*$", re.IGNORECASE)
_NOISE: Final = re.compile(r"\s*(?:WEBVTT\b.*|NOTE\b.*|STYLE\b.*|\d{1,6}|\S{1,20} --> .*)?$")
_TAG: Final = re.compile(r"</?[a-z][^>\n]{0,40}>", re.IGNORECASE)
_EMPTY: Final = re.compile(r"\n[^\S\n]*\n")
_LINE: Final = re.compile(r"[^\n]+")
_WORD: Final = re.compile(r"[^\W\d_]+")
_WORDS_OF_A_NAME: Final = 5
_LEAST_LABELS: Final = 2
_NO_SPEAKER: Final = frozenset(
    {"ps", "pps", "re", "aw", "fwd", "subject", "from", "to", "cc", "date", "sent"}
)


class Turn(NamedTuple):
    """What one speaker says before another does; `speaker` is `customer` for the customer's side."""

    speaker: str
    text: str


class _Line(NamedTuple):
    speaker: str
    start: int
    end: int
    begins: bool
    sure: bool = False


def turns(text: str, customers: Iterable[str] = ()) -> tuple[Turn, ...]:
    r"""The turns of a transcript, in order; none where no line names a speaker.

    Read are `Ann: text`, `[00:12] Ann: text`, `Ann (00:12): text`, a name and a time on a line of their own,
    and WebVTT with or without voices. Whom the words of a label, or the customers' names, tell to be the
    customer is; where they tell of nobody, but somebody is of the company, the others are.

    Args:
        text: The transcript.
        customers: Names of people of the customer's side.

    >>> turns("Agent: Hello\nAnn: I want to cancel\nmy plan")
    (Turn(speaker='Agent', text='Hello'), Turn(speaker='customer', text='I want to cancel my plan'))
    """
    lines = list(_lines(text))
    theirs = _customers(lines, customers)
    found: list[Turn] = []
    for line in lines:
        said = _TAG.sub("", text[line.start : line.end]).strip()
        speaker = CUSTOMER if line.speaker in theirs else line.speaker
        if found and not line.begins:
            found[-1] = Turn(speaker, f"{found[-1].text} {said}".strip())
        else:
            found.append(Turn(speaker, said))
    return tuple(turn for turn in found if turn.text)


def turns_of(body: Mapping[str, Any]) -> tuple[Turn, ...]:
    """The turns of a call or a meeting: its `turns` as they stand, else what its `text` tells."""
    given = body.get("turns")
    if isinstance(given, list):
        pairs = ((turn.get("speaker"), turn.get("text")) for turn in given if isinstance(turn, Mapping))
        return tuple(Turn(who, said) for who, said in pairs if isinstance(who, str) and isinstance(said, str))
    text, named = body.get("text"), body.get("customer")
    return turns(text, (named,) if isinstance(named, str) else ()) if isinstance(text, str) else ()


def customers_only(text: str) -> str:
    r"""Blank what the company's side says in a pasted conversation; every other text stays as it is.

    Kept is what stands before it, and what follows it behind an empty line.

    >>> customers_only("Agent: Hi\nCustomer: cancel it").split()
    ['cancel', 'it']
    """
    if ":" not in text or "\n" not in text.strip():
        return text
    lines = list(_lines(text))
    if not _is_conversation(lines):
        return text
    theirs = _customers(lines, ())
    begun = next(line.start for line in lines if line.begins and _speaks(line))
    before = text.rfind("\n", 0, begun) + 1
    after = _after(text, lines)
    kept = [" " if char != "\n" else char for char in text]
    kept[:before], kept[after:] = text[:before], text[after:]
    for line in lines:
        if line.speaker in theirs:
            kept[line.start : line.end] = text[line.start : line.end]
    return "".join(kept)


def _speaks(line: _Line) -> bool:
    """Whether a label names somebody, as `See what was said:` does not."""
    return line.sure or bool(_side(line.speaker)) or line.speaker.istitle()


def _after(text: str, lines: list[_Line]) -> int:
    """Where the writer goes on below a conversation: behind the first empty line after its last label."""
    last = max(line.start for line in lines if line.begins)
    empty = _EMPTY.search(text, last)
    return empty.end() if empty else len(text)


def _is_conversation(lines: list[_Line]) -> bool:
    """Whether both sides are named, or the company's in a form that only conversations have."""
    begun = [line for line in lines if line.begins]
    ours = [line for line in begun if _side(line.speaker) < 0]
    theirs = any(_side(line.speaker) > 0 for line in begun)
    if any(line.sure for line in ours):
        return True
    hired = any(_HIRED.fullmatch(line.speaker) for line in ours)
    named = any(_side(line.speaker) == 0 and line.speaker.istitle() for line in begun)
    return bool(ours) and (theirs or (hired and named))


def _lines(text: str) -> Iterator[_Line]:
    """Each line that says something, with its speaker; what stands before the first speaker is nobody's."""
    speaker = ""
    for line in _LINE.finditer(text):
        if _NOISE.match(line[0]):
            continue
        label = _LABELLED.match(line[0])
        name, sure = _named(label) if label else ("", False)
        if label and _is_speaker(name, sure=sure):
            speaker = name
            yield _Line(speaker, line.start() + label.end(), line.end(), begins=True, sure=sure)
        elif (alone := _ALONE.match(line[0])) and _is_speaker(alone["name"], sure=True):
            speaker = alone["name"].strip()
            yield _Line(speaker, line.end(), line.end(), begins=True, sure=True)
        elif speaker:
            yield _Line(speaker, line.start(), line.end(), begins=False)


def _named(label: re.Match[str]) -> tuple[str, bool]:
    """Who a label names, their role behind them, and whether nothing but a speaker is written so."""
    name = (label["voice"] or label["name"] + (label["role"] or "")).strip()
    told = any(label[part] for part in ("voice", "stamp", "after", "role"))
    who = _SAID.sub("", name)
    if who == name or not who.istitle():
        return name, told
    return who, True


def _is_speaker(name: str, *, sure: bool) -> bool:
    words = _WORD.findall(name)
    if not 0 < len(words) <= _WORDS_OF_A_NAME or words[0].lower() in _NO_SPEAKER:
        return False
    return sure or bool(_side(name)) or name[:1].isupper()


def _customers(lines: list[_Line], named: Iterable[str]) -> frozenset[str]:
    labels = {line.speaker for line in lines}
    names = [frozenset(_WORD.findall(name.lower())) for name in named]
    theirs = {label for label in labels if _side(label) > 0 or _is_named(label, names)}
    ours = {label for label in labels if _side(label) < 0} - theirs
    return frozenset(theirs or (labels - ours if ours else ()))


def _is_named(label: str, names: list[frozenset[str]]) -> bool:
    words = frozenset(_WORD.findall(label.lower()))
    return any(words <= name for name in names)


def _side(label: str) -> int:
    """1 for the customer's side, -1 for the company's, 0 where the words do not tell."""
    return -1 if _OURS.search(label) else int(_THEIRS.search(label) is not None)
