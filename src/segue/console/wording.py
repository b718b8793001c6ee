"""How recorded integers read on a page: money, instants, chances, facts by their unit, names as words."""

import re
from typing import Any

import msgspec
from markupsafe import Markup, escape

from segue.console.settings import PageSettings
from segue.console.veil import chips
from segue.core.money import MICRO, Money
from segue.core.predicates import is_instant
from segue.core.units import PPM, to_datetime

UNKNOWN = "unknown"
_FOREVER = 2**60
_PER_CENT = 100
_SECONDS = ((86_400, "d"), (3_600, "h"), (60, "min"))
_ID_CHARS = 12
_QUOTED = re.compile(r"`([^`]+)`")
_DECISION = re.compile(r"\bdecision ([0-9a-v]{26})\b")
_MINUTES = frozenset({"preference.not_before", "preference.not_after", "not_before", "not_after"})


def money(micro: int, currency: str) -> str:
    """Micro-units of a currency, rounded half to even to its minor unit.

    >>> money(1_576_190_000_00, "EUR"), money(-150 * 1_000_000, "EUR")
    ('EUR 1,576.19', '−EUR 1.50')
    """
    minor, rest = divmod(abs(micro), MICRO)
    minor += 2 * rest > MICRO or (2 * rest == MICRO and minor % 2)
    return f"{'−' if micro < 0 and minor else ''}{Money(minor, currency)}"


def moment(instant: int) -> str:
    """An instant with its zone named.

    >>> moment(1_793_511_000_000_000)
    '1 Nov 2026, 05:30 UTC'
    """
    at = to_datetime(instant)
    return f"{at.day} {at:%b %Y, %H:%M} UTC"


def exact(instant: int) -> str:
    """An instant to the microsecond, for `datetime` attributes and ledgers.

    >>> exact(1_793_511_000_000_001)
    '2026-11-01T05:30:00.000001+00:00'
    """
    return to_datetime(instant).isoformat()


def day(instant: int) -> str:
    """The calendar day of an instant in UTC.

    >>> day(1_793_511_000_000_000)
    'Sun 1 Nov 2026'
    """
    at = to_datetime(instant)
    return f"{at:%a} {at.day} {at:%b %Y}"


def clock(instant: int) -> str:
    """The wall clock of an instant in UTC.

    >>> clock(1_793_511_000_000_000)
    '05:30'
    """
    return f"{to_datetime(instant):%H:%M}"


def share(ppm: int) -> str:
    """A chance in per cent, with as many digits as it needs.

    >>> share(930_000), share(4_500), share(1_000_000)
    ('93%', '0.45%', '100%')
    """
    return f"{ppm / PPM * _PER_CENT:.3g}%"


def words(name: str) -> str:
    """A name of the playbook as words.

    >>> words("ae_personal_email"), words("save-cancel")
    ('ae personal email', 'save cancel')
    """
    return name.replace("_", " ").replace("-", " ")


def sentence(text: str) -> str:
    """A sentence with its first letter raised, for headlines.

    >>> sentence("ask back by email"), sentence("")
    ('Ask back by email', '')
    """
    return text[:1].upper() + text[1:]


def lasts(micro: int) -> str:
    """A time span in its two largest units.

    >>> lasts(93_900 * 1_000_000), lasts(45 * 1_000_000), lasts(7_200 * 1_000_000)
    ('1 d 2 h', '45 s', '2 h')
    """
    seconds = micro // 1_000_000
    parts: list[str] = []
    for size, unit in (*_SECONDS, (1, "s")):
        if seconds >= size and len(parts) < 2:  # noqa: PLR2004 - the two largest units
            parts.append(f"{seconds // size} {unit}")
            seconds %= size
        elif parts:
            break
    return " ".join(parts) or "0 s"


def prose(text: str, root: str = "") -> Markup:
    """A recorded sentence as HTML: names in backticks become code, decisions become links.

    >>> prose("`upgrade_offer` is <better>")
    Markup('<code>upgrade_offer</code> is &lt;better&gt;')
    """
    safe = str(chips(text))
    safe = _DECISION.sub(
        lambda found: f'<a href="{escape(root)}/decisions/{found[1]}">decision {found[1][:_ID_CHARS]}</a>',
        safe,
    )
    return Markup(_QUOTED.sub(r"<code>\1</code>", safe))  # noqa: S704 - escaped two lines above


def value(name: str, held: Any, settings: PageSettings) -> str:  # noqa: ANN401 - a fact holds any JSON
    """A fact's value by its unit.

    >>> value("account.arr", 12_000 * 100 * MICRO, PageSettings("EUR", "acme", {"account.arr": "money"}))
    'EUR 12,000.00'
    >>> value("person.open_tickets", [], PageSettings()), value("person.zone", None, PageSettings())
    ('none', 'unknown')
    """
    if held is None:
        return UNKNOWN
    if isinstance(held, bool):
        return "yes" if held else "no"
    if isinstance(held, int):
        return _number(name, held, settings)
    if isinstance(held, list | tuple):
        return ", ".join(str(item) for item in held) or "none"
    return _money_of(held) or (held if isinstance(held, str) else plain(held))


def plain(held: object) -> str:
    """Any JSON value as text.

    >>> plain({"a": [1, True]}), plain("as it is")
    ('{"a":[1,true]}', 'as it is')
    """
    return held if isinstance(held, str) else msgspec.json.encode(held, order="sorted").decode()


def _number(name: str, held: int, settings: PageSettings) -> str:
    match settings.types.get(name):
        case "money":
            return money(held, settings.reporting)
        case "ppm":
            return share(held)
        case "instant" if abs(held) < _FOREVER:
            return moment(held)
        case "duration":
            return _duration(held)
    if is_instant(name.partition(".")[2]) and abs(held) < _FOREVER:
        return moment(held)
    if name.partition(".")[2] in _MINUTES or name in _MINUTES:
        return f"{held // 60:02d}:{held % 60:02d}"
    return f"{held:,}"


def _duration(seconds: int) -> str:
    for size, unit in _SECONDS:
        if seconds and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _money_of(held: object) -> str:
    """Money as bodies and stored facts hold it, or nothing."""
    if not isinstance(held, dict) or held.keys() != {"amount", "currency"}:
        return ""
    try:
        return str(msgspec.convert(held, Money))
    except msgspec.ValidationError:
        return ""
