"""The veil: personal data as pages show it until somebody reveals it, with the reveal kept."""

import re
from collections.abc import Iterable, Iterator

from markupsafe import Markup, escape

from segue.core.names import Names
from segue.core.records.memory import Fact
from segue.core.redact import extents, is_personal, mask, spaced

_NAMES = ("name", "first_name", "last_name", "full_name")
_PART = re.compile(r"[^\W\d_]{2,}(?:[’'][^\W\d_]+)*")
_JOINED = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f])+(?:[’'ʼ](?:[^\W\d_]|[\u0300-\u036f])+)*")
"""A part of a name with its apostrophe, such as `O'Neil`."""
_LEAST = 2
_AS_WRITTEN = frozenset(
    {
        "al", "an", "and", "bin", "da", "das", "de", "del", "den", "der", "des", "di", "do", "dos", "du",
        "el", "in", "la", "le", "may", "no", "so", "to", "van", "von", "will", "zu"
    }
)  # fmt: skip
"""Parts of names that are words as well: hidden only where they are written as in the name."""
_WIDE = 0x2E80
"""From here on scripts write words without spaces between them."""

_TOKEN = re.compile(
    r"\[(name|known|email|phone|card|iban|ip|ssn|national_id|id|text|address|e_mail|mobile|first_name|last_name|"
    r"full_name|body|street|chat|whatsapp|telegram|birthday|date_of_birth|linkedin|subject|deep)\]"
)


class Masked(str):
    """A text from which personal data were taken out; what stands for them is shown as such."""

    __slots__ = ()


class Veil:
    """What hides one person's data, and those of the colleagues named beside them.

    Args:
        facts: What is known of them; what gives a person away is taken from it.
        is_open: Whether the data were revealed: then nothing is hidden.
    """

    def __init__(self, facts: Iterable[Fact] = (), *, is_open: bool = False) -> None:
        self.is_open = is_open
        names: set[str] = set()
        values: set[str] = set()
        for fact in () if is_open else facts:
            if fact.subject.startswith("profile:") and isinstance(fact.value, str):
                (names if fact.predicate in _NAMES else values).update(_giveaways(fact))
        self._values = tuple(sorted(values))
        parts = {
            part for name in names for part in (*name.split(), *_JOINED.findall(name), *_PART.findall(name))
        }
        exact = {part for part in parts if part.lower() in _AS_WRITTEN or _is_wide(part)}
        self._names = Names({*names, *parts} - exact, least=_LEAST)
        self._exact = _pattern(exact | {name for name in names if _is_wide(name)})

    def text(self, text: str) -> str:
        """A text without names on record, known addresses, and what looks like personal data."""
        if self.is_open or not text:
            return text
        named, end = [], 0
        for start, stop in self._named(text):
            if start >= end:
                named += [text[end:start], "[name]"]
                end = stop
        masked = mask("".join([*named, text[end:]]), self._values)
        return Masked(masked) if masked != text else text

    def extents(self, text: str) -> list[tuple[int, int, str]]:
        """Where a text holds what `text` takes out of it: start, end and kind, which may overlap."""
        if self.is_open or not text:
            return []
        named = [(start, end, "name") for start, end in self._named(text)]
        return [*named, *extents(text, (("known", value) for value in self._values))]

    def _named(self, text: str) -> list[tuple[int, int]]:
        """Where names stand, the longer first of those that begin together."""
        exact = [hit.span() for hit in self._exact.finditer(text)] if self._exact else []
        return sorted([*self._names.find(text), *exact], key=lambda one: (one[0], -one[1]))

    def name(self, name: str) -> str:
        """A person's name: initials until it is revealed.

        >>> Veil().name("Ann Lee"), Veil(is_open=True).name("Ann Lee")
        ('A. L.', 'Ann Lee')
        """
        if self.is_open or not name:
            return name
        return " ".join(f"{part[0].upper()}." for part in _PART.findall(name)[:3]) or "…"

    def value(self, name: str, text: str) -> str:
        """A value by the name of what holds it, such as `email`: whole where the name alone says so."""
        if self.is_open:
            return text
        if is_personal(name):
            return Masked(f"[{name.lower()}]") if _TOKEN.fullmatch(f"[{name.lower()}]") else Masked("[known]")
        return self.text(text)

    def identifier(self, identifier: str) -> str:
        """An identifier: its namespace stays."""
        if self.is_open:
            return identifier
        namespace = identifier.partition(":")[0]
        return Masked(f"{namespace}:{'[email]' if namespace == 'email' else '[id]'}")


def chips(text: str) -> Markup:
    """A text as HTML, with what stands for hidden data set apart.

    >>> chips(Masked("call [phone] & wait"))
    Markup('call <span class="veil">phone</span> &amp; wait')
    """
    safe = str(escape(str(text)))
    if not isinstance(text, Masked):
        return Markup(safe)  # noqa: S704 - escaped one line above
    return Markup(_TOKEN.sub(r'<span class="veil">\1</span>', safe).replace(">known<", ">hidden<"))  # noqa: S704 - escaped above


def _giveaways(fact: Fact) -> Iterator[str]:
    if fact.predicate in _NAMES or is_personal(fact.predicate):
        yield fact.value


def _is_wide(name: str) -> bool:
    return any(ord(char) >= _WIDE for char in name)


def _pattern(names: set[str]) -> re.Pattern[str] | None:
    """Any of the names as it is written: between letters too, where words have no spaces between them."""
    wanted = [
        spaced(name) if _is_wide(name) else rf"(?<!\w){re.escape(name)}(?!\w)"
        for name in sorted(names, key=lambda item: (-len(item), item))
        if len(name) >= _LEAST
    ]
    return re.compile("|".join(wanted)) if wanted else None
