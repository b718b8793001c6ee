"""What is handed to `segue.Perceiver`, checked: an error says where the slip stands and what to write."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches

from segue.core.errors import InputError
from segue.core.records.signals import CHANNELS

SPEAKERS = ("customer", "agent", "rep")
_REP = "rep:"
_SHOWN = 60


def channel_named(name: object, where: str = "channel") -> str:
    """A channel by its name in any case, or none.

    Raises:
        InputError: It is unknown.

    >>> channel_named("WhatsApp"), channel_named("")
    ('whatsapp', '')
    """
    channel = _text(name, where, "write one of " + ", ".join(CHANNELS)).strip().lower()
    if channel and channel not in CHANNELS:
        raise InputError(f"{where}: `{channel[:_SHOWN]}` is unknown; {_near(channel, CHANNELS)}")
    return channel


def is_customer(speaker: object, where: str = "speaker") -> bool:
    """Whether it is the customer who speaks, and nobody of the company.

    Raises:
        InputError: It is nobody that is known.

    >>> is_customer("Customer"), is_customer("rep:anna")
    (True, False)
    """
    name = _text(speaker, where, "write `customer`").strip().lower()
    if name not in SPEAKERS and not (name.startswith(_REP) and name != _REP):
        hint = f"{_near(name, SPEAKERS)}, or `rep:` and a name"
        raise InputError(f"{where}: `{name[:_SHOWN]}` is no known speaker; {hint}")
    return name == SPEAKERS[0]


def words(text: object, where: str) -> str:
    """The text of a message.

    Raises:
        InputError: It is none.
    """
    return _text(text, where, "decode it first" if isinstance(text, bytes | bytearray) else "write its words")


def moment(at: object, where: str) -> datetime | None:
    """When a message was written, if that is known.

    Raises:
        InputError: It is no time, or has no zone.
    """
    if at is None or (isinstance(at, datetime) and at.tzinfo is not None):
        return at
    told = "has no time zone" if isinstance(at, datetime) else f"must be a datetime, not {_kind(at)}"
    raise InputError(f"{where}: {told}; write `datetime(2026, 10, 5, 9, tzinfo=UTC)`")


def several(given: object, where: str, example: str) -> Iterable[object]:
    """Something of which there may be several, and not one text.

    Raises:
        InputError: It is one alone, or none.
    """
    if isinstance(given, str | bytes | bytearray | Mapping) or not isinstance(given, Iterable):
        raise InputError(f"{where}: must be a list, not {_kind(given)}; write `{example}`")
    return given


def names(given: object, where: str = "known_names") -> tuple[str, ...]:
    """Names on record.

    Raises:
        InputError: They are no list of texts.
    """
    listed = several(given, where, '["Ann Lee"]')
    return tuple(_text(name, f"{where}[{at}]", "write a name") for at, name in enumerate(listed))


def examples(given: object, where: str = "intents") -> Mapping[str, Sequence[str]]:
    """Examples by label.

    Raises:
        InputError: They are something else.
    """
    wanted = '{"refund": ["I want my money back", "Please refund me"]}'
    if not isinstance(given, Mapping):
        raise InputError(f"{where}: must be examples by label, not {_kind(given)}; write `{wanted}`")
    return {
        _text(label, f"{where}: label", f"write `{wanted}`"): _examples(label, texts, where)
        for label, texts in given.items()
    }


def _examples(label: object, given: object, where: str) -> tuple[str, ...]:
    place = f"{where}[`{str(label)[:_SHOWN]}`]"
    listed = several(given, place, '["I want my money back", "Please refund me"]')
    return tuple(_text(text, f"{place}[{at}]", "write an example") for at, text in enumerate(listed))


def _text(given: object, where: str, hint: str) -> str:
    if not isinstance(given, str):
        raise InputError(f"{where}: must be text, not {_kind(given)}; {hint}")
    return given


def _near(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name[:_SHOWN], known, n=1)
    return (
        f"did you mean `{near[0]}`? write one of {', '.join(known)}"
        if near
        else f"write one of {', '.join(known)}"
    )


def _kind(given: object) -> str:
    return "`None`" if given is None else f"`{type(given).__name__}`"
