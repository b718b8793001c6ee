"""Find personal data in text by pattern and checksum, and mask it for logs, prompts and public pages.

Every scan is linear in the text: e-mail addresses grow from their `@`, numbers from maximal runs of digits,
and no pattern can backtrack over more than a few characters.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address
from typing import Final

from segue.core.errors import InputError
from segue.core.names import Names
from segue.core.national import LEAST_DIGITS, national

_ANY: Final = re.compile(r"[\d@＠]|::|%40")
_DIGIT: Final = re.compile(r"\d")
_LEAST_DIGITS: Final = 8
"""Fewer are no card, no social security number and no IBAN of any country."""

_PLAIN: Final = {
    **{0xFF01 + at: 0x21 + at for at in range(0x5E)},
    **{zero + at: 0x30 + at for zero in (0x660, 0x6F0, 0x966) for at in range(10)},
    **{0x1D7CE + at: 0x30 + at % 10 for at in range(50)},
}
"""Full-width characters, and digits of other scripts, as ASCII: one for one, so that offsets stay."""

_INVISIBLE: Final = re.compile(r"[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
"""Characters of no width, which may stand within a number or an address."""

_VERSION: Final = re.compile(
    r"\b(?:version|release|firmware|build|ver|patch|section|chapter)s?\W{0,2}\d{1,6}(?:\.\d{1,6}){2,5}",
    re.IGNORECASE,
)
_REFERENCE: Final = re.compile(
    r"\b(?:invoice|inv|order|ticket|case|ref|reference|quote|po|contract|rechnung|facture)\b\W{0,3}"
    r"(?:(?:no|nr|number|id)\b\W{1,3})?(?:[A-Z]{1,4}-)?(?:19|20)\d\d[-/.]\d[\d/.-]{2,16}",
    re.IGNORECASE,
)
"""Numbers that the word before them makes neither a telephone's nor an address."""

_AT: Final = re.compile(r"[@＠]|%40")
_LOCAL_REVERSED: Final = re.compile(r"[\w.%+'~-]{1,256}+")
_MAX_LOCAL: Final = 256
_DOMAIN: Final = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,20}[^\W\d_][\w-]{0,61}[^\W_]|localhost\b")
_SPELT_AT: Final = re.compile(
    r"\s?[(\[{<]\s?(?:at|ät|arroba|@)\s?[)\]}>]\s?|"
    r"\sat\s(?!(?:the|an?|this|that|my|our|your|each|every)\s)(?=[\w-]{1,63}\sdot\s)",
    re.IGNORECASE,
)
_SPELT_DOMAIN: Final = re.compile(
    r"(?:[^\W_][\w-]{0,62}(?:\.|\s?[(\[{<]\s?(?:dot|punkt|punto|point)\s?[)\]}>]\s?|\s(?:dot|punkt)\s)){1,8}"
    r"[^\W\d_][\w-]{0,61}[^\W_]",
    re.IGNORECASE,
)
"""Addresses as people hide them from machines: `ann (at) x.io`, `ann at x dot io`."""

_MAY_SPELL: Final = ("(", "[", "{", "<", " dot ", " DOT ")
_IPV4: Final = re.compile(
    r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\.?\d)(?!\w)", re.ASCII
)
_DIGITS_OF_IPV4: Final = 4
_DOTS: Final = 3
_IPV6: Final = re.compile(r"(?<![\w:.])[0-9A-Fa-f:.]{3,64}+(?!\w)", re.ASCII)
_SSN: Final = re.compile(r"(?<![\w-])(?!000|666|9)\d{3}([ -])(?!00)\d\d\1(?!0000)\d{4}(?!-?\w)", re.ASCII)
_IBAN: Final = re.compile(r"(?<![0-9A-Za-z])[A-Z]{2}\d\d(?:[ -]?[0-9A-Z]){11,30}+", re.ASCII | re.IGNORECASE)
_DIGITS: Final = re.compile(r"\d++(?:[ .\u00a0-]?\d++)*+")
_GROUP: Final = re.compile(r"\d+")

_PHONE: Final = re.compile(r"(?<!\w)(?<!\d[.,])(?:[+＋] ?)?\(?\d[\d().\-/ \u00a0\u2009-\u2011\u202f]{4,}+")
_PHONE_END: Final = " .-/(\u00a0\u2009\u2010\u2011\u202f"
_TRUNK: Final = re.compile(r"\S+(?:\s(?![0(])\S+)*")
_WORD: Final = re.compile(r"\S+")
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_DATE: Final = re.compile(
    rf"(?<![\d./-])(?:{_DAY}([./-]){_DAY}\1(?:\d\d)?\d\d|(?:19|20)\d\d([./-]){_DAY}\2{_DAY}(?:-\d{{1,6}})?)(?![./-]?\d)"
)
_LOCAL: Final = re.compile(
    r"[2-9]\d{2}-\d{4}|\d{4} \d{4}|\d\d(?:([ -])\d\d)(?:\1\d\d){2}|\d{3} \d\d \d{3}|1?[2-9]\d{2}[2-9]\d{6}"
)
_EXTENSION: Final = re.compile(r"(?:\s?(?:x|ext\.?|extension)\s?|#)\d{1,6}(?!\w)", re.IGNORECASE)
_LABEL: Final = re.compile(
    r"\b(?:tele)?(?:phone|fon|tel|mobile|mobil|handy|cell|fax|desk|office|work|home|call|calling|dial|ring|reach|text|"
    r"message|téléphone|teléfono)(?:s|\b)\W{0,4}(?:(?:me|us|him|her|on|at|my|is|registered|now|the|no|nr|number)\W{1,2}){0,4}$",
    re.IGNORECASE,
)
_LABEL_REACH: Final = 40
_LABELLED_DIGITS: Final = range(7, 11)
_PHONE_DIGITS: Final = range(7, 16)
_TRUNK_DIGITS: Final = range(8, 16)
_NATIONAL_DIGITS: Final = range(9, 16)
_MAX_GROUPS: Final = 6
_MAX_GROUP_DIGITS: Final = 5

_EXACT: Final = 1_000_000

_CARD_DIGITS: Final = range(13, 20)
_CARD_FIRST: Final = re.compile(r"[2-6]|1800")  # 1800 with 15 digits: JCB of old
_LEAST_CARD: Final = 12
_CARDS_BEGIN: Final = "123456"
_SHORT_CARD: Final = re.compile(r"(?:50|5[6-9]|6\d)\d{10}")  # Maestro begins at 12 digits (ISO/IEC 7812)
_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)

_IBAN_COUNTRIES: Final = {  # the SWIFT IBAN registry
    15: "NO",
    16: "BE",
    18: "DK FI FO GL NL SD",
    19: "MK SI",
    20: "AT BA EE KZ LT LU MN XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ OM SO TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST",
    26: "IS TR",
    27: "BI DJ FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HU LB NI PL SV",
    29: "BR EG PS QA UA",
    30: "JO KW MU YE",
    31: "MT SC",
    32: "LC",
    33: "RU",
}
_IBAN_LENGTH: Final = {code: n for n, codes in _IBAN_COUNTRIES.items() for code in codes.split()}

_SENSITIVE: Final = frozenset(
    {
        "email", "e_mail", "phone", "mobile", "name", "first_name", "last_name", "full_name", "text",
        "body", "address", "street", "authorization", "token", "password", "passwd", "secret", "api_key",
        "cookie", "set_cookie", "iban", "card", "ssn", "ip"
    }
)  # fmt: skip
_SENSITIVE_ENDS: Final = ("_email", "_phone", "_address", "_token", "_password", "_secret", "_api_key")
_PERSONAL_TOO: Final = frozenset({"chat", "whatsapp", "telegram", "birthday", "date_of_birth", "linkedin"})
"""Personal as well, but seen in logs: a channel has the name of what reaches by it."""

_WORDED: Final = "arguments"
"""Holds what is asked of a connector: words to and about people, whatever the names of its entries."""
_MAX_DEPTH: Final = 8
_WORDS: Final = frozenset({"name", "company"})
_BETWEEN: Final = " \u3000·・"
_UNSPACED: Final = 0x2E80
"""From here on scripts write words without spaces between them."""


@dataclass(frozen=True, slots=True, order=True)
class PiiSpan:
    """Personal data at `text[start:end]`.

    Args:
        start: First character.
        end: Character after the last.
        kind: `card`, `email`, `iban`, `ip`, `national_id`, `phone`, `ssn`, `name`, or `known` when masking.
        score_ppm: Confidence in millionths: 950,000 and above for a checksum or an unmistakable form.
    """

    start: int
    end: int
    kind: str
    score_ppm: int


def find(text: str, names: Names | None = None) -> list[PiiSpan]:
    """Find personal data, in order and without overlaps: the longer span wins, then the higher score.

    Args:
        text: Any text.
        names: Names and addresses on record, found exactly as kind `name`.

    Raises:
        InputError: It is no text.

    >>> find("mail ann@x.io")
    [PiiSpan(start=5, end=13, kind='email', score_ppm=990000)]
    """
    spans = _candidates(text)
    if names is not None:
        spans += [PiiSpan(*span, "name", _EXACT) for span in names.find(text)]
    return [winner for _, _, winner in _clusters(spans)] if spans else []


def mask(text: str, known: Iterable[str] = ()) -> str:
    """Replace personal data by `[kind]`, and every occurrence of a known value by `[known]`.

    Args:
        text: Any text.
        known: Values on record, such as the person's name: found anywhere, in any case, inside words too.
            Values of one character are ignored.

    >>> mask("Ann Lee <ann@x.io>, +49 171 1234567", known=["Ann Lee"])
    '[known] <[email]>, [phone]'
    """
    parts, end = [], 0
    for start, stop, kind in extents(text, (("known", value) for value in known)):
        parts += [text[end:start], f"[{kind}]"]
        end = stop
    return "".join([*parts, text[end:]]) if parts else text


def extents(text: str, known: Iterable[tuple[str, str]] = ()) -> list[tuple[int, int, str]]:
    """Every stretch that holds personal data, in order, what overlaps joined: start, end, kind.

    Args:
        text: Any text.
        known: Kinds and values on record, found in any case. `name` and `company` are found as words, however
            they are spelt; other kinds anywhere, as are names of scripts without spaces. Values of one
            character are ignored.

    >>> extents("Ann: ann@x.io, annual", [("name", "Ann")])
    [(0, 3, 'name'), (5, 13, 'email')]
    """
    spans = _candidates(text)
    for kind, value in known:
        if len(value) > 1:
            as_word = kind in _WORDS and ord(value[0]) < _UNSPACED
            hits = Names([value], least=2).find(text) if as_word else _anywhere(value, text)
            spans += [PiiSpan(start, end, kind, _EXACT) for start, end in hits]
    return [(start, stop, winner.kind) for start, stop, winner in _clusters(spans)] if spans else []


def _anywhere(value: str, text: str) -> Iterator[tuple[int, int]]:
    pattern = spaced(value) if ord(value[0]) >= _UNSPACED else re.escape(value)
    return (hit.span() for hit in re.finditer(pattern, text, re.IGNORECASE))


def spaced(name: str) -> str:
    """A pattern of a name in a script without spaces, which people write with spaces all the same.

    >>> bool(re.fullmatch(spaced("王小明"), "王 小明"))
    True
    """
    return r"[\s·・]{0,2}".join(re.escape(letter) for letter in name if letter not in _BETWEEN)


@lru_cache(maxsize=1_000)
def is_personal(name: str) -> bool:
    """Whether what stands under that name is personal whatever it says.

    >>> is_personal("work_email"), is_personal("plan")
    (True, False)
    """
    word = name.lower().replace("-", "_")
    return word in _SENSITIVE or word in _PERSONAL_TOO or word.endswith(_SENSITIVE_ENDS)


def mask_value(value: object, known: Iterable[str] = ()) -> object:
    """Mask a nested log value: every text by `mask`, and whole values under a sensitive key.

    Numbers, booleans and None stay; anything that is no dict, list or plain value is shown as masked text.

    >>> mask_value({"email": "ann@x.io", "tries": [1, "call 415-555-2671"]})
    {'email': '[email]', 'tries': [1, 'call [phone]']}
    """
    return _mask_value(value, tuple(known), 0)


def _mask_value(value: object, known: tuple[str, ...], depth: int) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if depth > _MAX_DEPTH:
        return "[deep]"
    if isinstance(value, Mapping):
        return {
            mask(str(key), known): _mask_entry(str(key), entry, known, depth) for key, entry in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [_mask_value(item, known, depth + 1) for item in value]
    if isinstance(value, bytes | bytearray):
        value = value.decode("utf-8", "replace")
    return mask(str(value), known)


def _mask_entry(key: str, value: object, known: tuple[str, ...], depth: int) -> object:
    word = key.lower().replace("-", "_")
    if word == _WORDED and isinstance(value, Mapping):
        return {name: f"[{name}]" for name in value}
    if value is not None and (word in _SENSITIVE or word.endswith(_SENSITIVE_ENDS)):
        return f"[{word}]"
    return _mask_value(value, known, depth + 1)


def _candidates(text: str) -> list[PiiSpan]:
    if not isinstance(text, str):  # whoever calls from outside may hold anything
        raise InputError(f"text: must be text, not `{type(text).__name__}`; decode bytes, and leave None out")
    if text.isascii():
        return _plainly(text)
    plain = text.translate(_PLAIN)
    found = _plainly(plain)
    if _INVISIBLE.search(plain) is None:
        return found
    kept = [at for at, letter in enumerate(plain) if _INVISIBLE.match(letter) is None]
    joined = _plainly("".join([plain[at] for at in kept]))
    return found + [
        PiiSpan(kept[one.start], kept[one.end - 1] + 1, one.kind, one.score_ppm) for one in joined
    ]


def _plainly(text: str) -> list[PiiSpan]:
    spelt = [*_spelt(text)] if any(mark in text for mark in _MAY_SPELL) else []
    if _ANY.search(text) is None:
        return spelt
    digits = len(_DIGIT.findall(text))
    if digits < _DIGITS_OF_IPV4 and ":" not in text and _AT.search(text) is None:
        return spelt
    exact = [*_emails(text), *spelt, *_ips(text)]
    if digits >= LEAST_DIGITS:
        exact += [PiiSpan(*one) for one in national(text)]
    if digits >= _LEAST_DIGITS:
        exact += [*_ibans(text), *_cards(text)]
        exact += [PiiSpan(*hit.span(), "ssn", 900_000) for hit in _SSN.finditer(text)]
    return [*exact, *_phones(text, exact)] if digits >= _PHONE_DIGITS.start else exact


def _clusters(spans: list[PiiSpan]) -> Iterator[tuple[int, int, PiiSpan]]:
    """Group what overlaps: the extent of each group, and the span that names it."""
    group: list[PiiSpan] = []
    end = -1
    for span in sorted(spans):
        if group and span.start >= end:
            yield group[0].start, end, _winner(group)
            group = []
        end = max(end, span.end) if group else span.end
        group.append(span)
    if group:
        yield group[0].start, end, _winner(group)


def _winner(group: list[PiiSpan]) -> PiiSpan:
    return max(group, key=lambda span: (span.end - span.start, span.score_ppm, span.kind))


def _emails(text: str) -> Iterator[PiiSpan]:
    for at in _AT.finditer(text):
        reach = text[max(0, at.start() - _MAX_LOCAL) : at.start()]
        local = _LOCAL_REVERSED.match(reach[::-1])
        length = len(local[0].rstrip(".'")) if local else 0
        domain = _DOMAIN.match(text, at.end()) if length else None
        if domain:
            yield PiiSpan(at.start() - length, domain.end(), "email", 990_000)


def _spelt(text: str) -> Iterator[PiiSpan]:
    for at in _SPELT_AT.finditer(text):
        local = _LOCAL_REVERSED.match(text[max(0, at.start() - _MAX_LOCAL) : at.start()][::-1])
        domain = _SPELT_DOMAIN.match(text, at.end()) if local else None
        if local and domain:
            yield PiiSpan(at.start() - len(local[0]), domain.end(), "email", 900_000)


def _ips(text: str) -> Iterator[PiiSpan]:
    dotted = text.count(".") >= _DOTS
    versions = {hit.end() for hit in _VERSION.finditer(text)} if dotted else set()
    for hit in _IPV4.finditer(text) if dotted else ():
        if hit.end() not in versions:
            yield PiiSpan(*hit.span(), "ip", 900_000)
    for hit in _IPV6.finditer(text) if text.count(":") > 1 else ():
        address = hit[0].rstrip(".")
        if address.endswith(":") and not address.endswith("::"):
            address = address[:-1]
        if address.count(":") > 1 and address != "::" and _is_ipv6(address):
            yield PiiSpan(hit.start(), hit.start() + len(address), "ip", 950_000)


def _is_ipv6(address: str) -> bool:
    try:
        IPv6Address(address)
    except AddressValueError:
        return False
    return True


def _ibans(text: str) -> Iterator[PiiSpan]:
    for hit in _IBAN.finditer(text):
        length = _IBAN_LENGTH.get(hit[0][:2].upper(), 0)
        chars = [i for i in range(*hit.span()) if text[i] not in " -"][:length]
        end = chars[-1] + 1 if chars else 0
        if len(chars) == length > 0 and not text[end : end + 1].isalnum() and _mod_97(text, chars) == 1:
            yield PiiSpan(hit.start(), end, "iban", 990_000)


def _mod_97(text: str, chars: list[int]) -> int:
    """Remainder of ISO 7064 over the characters at these offsets: the first four go last, A counts 10."""
    return int("".join(str(int(text[i], 36)) for i in (*chars[4:], *chars[:4]))) % 97


def _cards(text: str) -> Iterator[PiiSpan]:
    """Find card numbers: whole groups of digits, 13 to 19 in all, with the check digit of Luhn."""
    for run in _DIGITS.finditer(text):
        groups = list(_GROUP.finditer(text, *run.span()))
        first = 0
        while first < len(groups):
            last = _card_from(groups, first)
            if last is not None:
                yield PiiSpan(groups[first].start(), groups[last].end(), "card", 960_000)
            first = first + 1 if last is None else last + 1


def _card_from(groups: list[re.Match[str]], first: int) -> int | None:
    """Return the last group of the longest card number that begins with the first one."""
    digits, found = "", None
    if groups[first][0][0] not in _CARDS_BEGIN:
        return None
    for i in range(first, min(first + _CARD_DIGITS.stop, len(groups))):
        digits += groups[i][0]
        if len(digits) >= _CARD_DIGITS.stop:
            break
        if len(digits) < _LEAST_CARD:
            continue
        long = len(digits) in _CARD_DIGITS and _CARD_FIRST.match(digits) is not None
        if (long or _SHORT_CARD.fullmatch(digits)) and _luhn(digits):
            found = i
    return found


def _luhn(digits: str) -> bool:
    numbers = [int(digit) for digit in reversed(digits)]
    return (sum(numbers[::2]) + sum(_DOUBLED[n] for n in numbers[1::2])) % 10 == 0


def _phones(text: str, taken: list[PiiSpan]) -> Iterator[PiiSpan]:
    """Find telephone numbers by form, outside dates and what is something more certain."""
    others = (_DATE, _VERSION, _REFERENCE)
    told = [PiiSpan(*hit.span(), "other", 0) for other in others for hit in other.finditer(text)]
    text = _blank(text, [*taken, *told])
    for run in _PHONE.finditer(text):
        for start, stop in _pieces(run):
            number = text[start:stop].rstrip(_PHONE_END)
            end = start + len(number)
            score = _phone_score(number) or _labelled(text, start, number)
            extension = _EXTENSION.match(text, end)
            end = extension.end() if extension else end
            if score and not (text[end : end + 1].isalnum() or text[end : end + 1] == "_"):
                yield PiiSpan(start, end, "phone", score)


def _blank(text: str, spans: list[PiiSpan]) -> str:
    parts, end = [], 0
    for start, stop, _ in _clusters(spans):
        parts += [text[end:start], "x" * (stop - start)]
        end = stop
    return "".join([*parts, text[end:]])


def _pieces(run: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Split a run with too many digits for one number: before a leading zero or bracket, else at spaces."""
    if _digit_count(run[0]) in _PHONE_DIGITS:
        yield run.span()
        return
    for piece in _TRUNK.finditer(run.string, *run.span()):
        if _digit_count(piece[0]) in _PHONE_DIGITS:
            yield piece.span()
        else:
            yield from (word.span() for word in _WORD.finditer(run.string, *piece.span()))


def _digit_count(text: str) -> int:
    return sum(map(len, _GROUP.findall(text)))


def _labelled(text: str, start: int, number: str) -> int:
    """A short number is one where the words before it say so: `Phone: 467 3395`, `call me on 450 0840`."""
    if _digit_count(number) not in _LABELLED_DIGITS:
        return 0
    return 500_000 if _LABEL.search(text, max(0, start - _LABEL_REACH), start) else 0


def _phone_score(number: str) -> int:
    groups = _GROUP.findall(number)
    count = sum(map(len, groups))
    if count not in _PHONE_DIGITS:
        return 0
    if number[0] in "+＋":
        return 950_000
    if number[0] in "0(" and count in _TRUNK_DIGITS:
        return 800_000
    formatted = 1 < len(groups) <= _MAX_GROUPS and max(map(len, groups)) <= _MAX_GROUP_DIGITS
    if formatted and count in _NATIONAL_DIGITS:
        return 600_000
    return 500_000 if _LOCAL.fullmatch(number) else 0
