"""One spelling per identifier: `namespace:value`, so that equal hashes mean the same address."""

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

from segue.core.encoding import nfc
from segue.core.errors import InputError, SignalError
from segue.core.records.signals import ACCOUNT_NAMESPACES, NAMESPACE_RANK
from segue.identity.remembering import lately

MAX_LENGTH = 320
"""Longest value of an identifier, in characters: the longest e-mail address RFC 5321 allows."""

_NAMESPACE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_LOCAL = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?")
_INVISIBLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
_NOBODY = frozenset(
    {
        "",
        "-",
        "0",
        "anon",
        "anonymous",
        "guest",
        "n/a",
        "na",
        "nan",
        "nil",
        "none",
        "null",
        "test",
        "undefined",
        "unknown",
    }
)
_NOBODY_DOMAINS = frozenset(
    {
        "email.com",
        "example.com",
        "example.org",
        "mail.com",
        "none.com",
        "null.com",
        "test.com",
        "test.de",
        "test.test",
    }
)


@lately
def normalise(identifier: str, default_region: str | None = None) -> str:
    """Spell an identifier the one way it is hashed and compared.

    E-mail addresses are lower-cased and their domain written in ASCII; phone and WhatsApp numbers become
    `phone:` in E.164 (an extension stays, so that colleagues at one switchboard stay two people); values of
    other namespaces are kept as they are, in NFC and without surrounding space.

    Args:
        identifier: `namespace:value`.
        default_region: ISO 3166-1 alpha-2 country of phone numbers written without a country code.

    Raises:
        SignalError: It is malformed; the message says what to write instead.

    >>> normalise("Email: Ann@Example.IO ")
    'email:ann@example.io'
    >>> normalise("whatsapp:030 1234567", "DE")
    'phone:+49301234567'
    """
    namespace, value = _split(identifier)
    if namespace == "email":
        return f"email:{_email(value)}"
    if namespace in {"phone", "whatsapp"}:
        return f"phone:{_phone(value, default_region)}"
    return f"{namespace}:{value}"


def normalise_all(
    identifiers: Iterable[str], default_region: str | None = None, blocked: re.Pattern[str] | None = None
) -> tuple[str, ...]:
    """Normalise identifiers, dropping repetitions and values that stand for nobody.

    Args:
        identifiers: Each `namespace:value`.
        default_region: As for `normalise`.
        blocked: What else stands for nobody at this company (`blocklist`).

    Raises:
        SignalError: One of them is malformed.

    >>> normalise_all(["email:ann@x.io", "user:null", "email:ANN@x.io"])
    ('email:ann@x.io',)
    """
    spelt = (normalise(item, default_region) for item in identifiers if not is_junk(item))
    kept = spelt if blocked is None else (item for item in spelt if not blocked.fullmatch(item.casefold()))
    return tuple(dict.fromkeys(kept))


def blocklist(patterns: Iterable[str]) -> re.Pattern[str] | None:
    """One pattern of all blocked identifiers; None for none.

    Args:
        patterns: Each `namespace:value`, with `*` for anything.

    >>> bool(blocklist(["email:qa-*@acme.io"]).fullmatch("email:qa-7@acme.io"))
    True
    """
    found = [re.escape(pattern.casefold()).replace(r"\*", ".*") for pattern in patterns]
    return re.compile("|".join(found), re.DOTALL) if found else None


@lately
def is_junk(identifier: str) -> bool:
    """Tell whether the value is a placeholder that many people would share, such as `null` or a zero UUID.

    >>> is_junk("user:undefined"), is_junk("email:test@test.com"), is_junk("email:ann@x.io")
    (True, True, False)
    """
    namespace, colon, value = identifier.partition(":")
    word = value.strip().strip("<>\"'").casefold()
    if not colon:
        return False
    if word in _NOBODY or _is_one_digit(word, at_least=6):
        return bool(value.strip())
    local, at, domain = word.partition("@")
    if not at or namespace.strip().casefold() != "email":
        return False
    return local in _NOBODY and (domain in _NOBODY_DOMAINS or domain.partition(".")[0] == local)


def _is_one_digit(word: str, at_least: int) -> bool:
    """Zero UUIDs, `000000`, `+1111111111`: one character over and over."""
    kept = [char for char in word if char not in "-+ ().{}"]
    if len(kept) < at_least or len(set(kept)) != 1:
        return False
    return kept[0] == "0" or (word.startswith("+") and kept[0].isdigit())


def _split(identifier: str) -> tuple[str, str]:
    head, colon, tail = identifier.partition(":")
    if not colon:
        raise SignalError(
            f"identifier `{_short(identifier)}` has no namespace; {_with_namespace(identifier)}"
        )
    namespace = head.strip().lower()
    if not _NAMESPACE.fullmatch(namespace):
        raise SignalError(
            f"identifier namespace `{_short(head)}` is no lower-case word; {_closest(namespace)}"
        )
    try:
        value = nfc(tail.strip())
    except InputError as error:
        raise SignalError(f"identifier of namespace `{namespace}`: {error}") from error
    if not value:
        raise SignalError(f"identifier `{namespace}:` has no value; leave it out")
    if len(value) > MAX_LENGTH:
        raise SignalError(
            f"identifier `{namespace}:{_short(value)}` is longer than {MAX_LENGTH} characters; send its hash"
        )
    if not value.isprintable() and any(unicodedata.category(char) in _INVISIBLE for char in value):
        raise SignalError(f"identifier of namespace `{namespace}` holds control characters; remove them")
    return namespace, value


def _email(value: str) -> str:
    address = nfc(value.lower())
    local, at, domain = address.rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or _is_shaped(local):
        raise SignalError(f"`{_short(value)}` is no e-mail address; write it like `ann@example.com`")
    spelt_domain = ascii_domain(domain)
    if not spelt_domain:
        raise SignalError(f"`{_short(value)}` has no valid domain; write it like `ann@example.com`")
    spelt = f"{local}@{spelt_domain}"
    if len(spelt) > MAX_LENGTH:
        raise SignalError(f"`{_short(value)}` is longer than {MAX_LENGTH} characters")
    return spelt


def ascii_domain(domain: str) -> str:
    """Write the domain of an address in ASCII, lower case; empty where it is none.

    >>> ascii_domain("Bücher.example")
    'xn--bcher-kva.example'
    """
    labels = [_ascii_label(label) for label in unicodedata.normalize("NFKC", domain.lower()).split(".")]
    valid = len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
    return ".".join(labels) if valid else ""


def _is_shaped(text: str) -> bool:
    """Whether it holds characters that only shape others."""
    return not text.isascii() and any(unicodedata.category(char) == "Cf" for char in text)


def _ascii_label(label: str) -> str:
    """Punycode as IDNA 2008 writes it; Python's own codec follows IDNA 2003, where `ß` and `ss` are one."""
    return label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"


@lru_cache(maxsize=8192)
def _phone(value: str, default_region: str | None) -> str:
    try:
        number = phonenumbers.parse(value, default_region)
    except NumberParseException as error:
        raise SignalError(f"`{_short(value)}` is no phone number; write it like `+4930123456`") from error
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        raise SignalError(f"`{_short(value)}` has a wrong number of digits; write it like `+4930123456`")
    spelt = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return f"{spelt};ext={number.extension}" if number.extension else spelt


def _with_namespace(text: str) -> str:
    if "@" in text:
        return f"did you mean `email:{_short(text)}`?"
    if text.strip().startswith("+"):
        return f"did you mean `phone:{_short(text)}`?"
    return "write it like `user:42`"


def _closest(namespace: str) -> str:
    known = sorted({*NAMESPACE_RANK, *ACCOUNT_NAMESPACES})
    found = difflib.get_close_matches(namespace[:40], known, n=1)
    return f"did you mean `{found[0]}`?" if found else "write it like `user` or `hubspot`"


def _short(text: str) -> str:
    cut = text.strip()[:60].encode(errors="backslashreplace").decode()
    return cut if len(text.strip()) == len(cut) else f"{cut[:60]}…"
