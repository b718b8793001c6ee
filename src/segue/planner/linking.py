"""Linking: a code for somebody known who goes on by another channel, offered as a link or to be typed in."""

from collections.abc import Iterable

from segue.core.records.effects import Effect
from segue.core.records.identity import KNOWN
from segue.core.records.memory import IssuedCode
from segue.core.units import Instant
from segue.identity.codes import STAND_IN, code_of, hash_of, is_offered
from segue.planner.options import Moment, Option

CHANNELS = ("whatsapp", "sms")
"""Where a code may come back, the first where nothing else was asked for."""


def stand_in(moment: Moment, option: Option) -> str | None:
    """What stands for the code in a draft; None where the person is not known for sure."""
    is_known = moment.context.level == KNOWN and bool(option.candidate.profile_id)
    return STAND_IN if is_known and option.candidate.channel not in CHANNELS else None


def deep_link(moment: Moment, option: Option) -> str | None:
    """A link that opens the other channel with the code written already; None where there is no number."""
    sender, channel = moment.playbook.senders.get(option.candidate.sender), _channel(moment)
    code = stand_in(moment, option)
    number = sender.addresses.get(channel, "") if sender else ""
    if not number or code is None:
        return None
    digits = number.removeprefix("+")
    return f"https://wa.me/{digits}?text={code}" if channel == "whatsapp" else f"sms:{number}?body={code}"


def offered(moment: Moment, effects: Iterable[Effect]) -> tuple[IssuedCode, ...]:
    """The hashes of the codes that effects offer, each with whom it is of and how long it lasts."""
    ids, lasts = moment.house.ids, moment.playbook.settings.identity.code_lasts
    return tuple(
        IssuedCode(
            code=hash_of(ids, code_of(ids, effect.id)),
            profile_id=effect.profile_id,
            channel=_channel(moment),
            expires_at=Instant(moment.now + lasts),
        )
        for effect in effects
        if effect.channel and effect.profile_id and is_offered(effect.arguments)
    )


def _channel(moment: Moment) -> str:
    """The channel the message asks for, if a code may come back on it."""
    wishes = moment.percept.preferences if moment.percept is not None else ()
    asked = next((str(wish.value) for wish in wishes if wish.kind == "channel"), "")
    return asked if asked in CHANNELS else CHANNELS[0]
