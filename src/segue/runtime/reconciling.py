"""Reconciling: a human looked at what nobody knew of, and says whether it happened."""

from collections.abc import Mapping
from typing import Literal, get_args

from segue.core.errors import ConflictError, InputError, MissingError
from segue.core.ports import Unit
from segue.core.records.context import LedgerRow
from segue.core.records.effects import Attempt, EffectState
from segue.core.units import Instant
from segue.runtime.admission import shown
from segue.runtime.ledger import Ledger, next_number

Word = Literal["happened", "did_not"]
"""What somebody who looked into the tool says of an effect."""

_STATES: Mapping[Word, EffectState] = {"happened": "delivered", "did_not": "failed"}
_SAID: Mapping[Word, str] = {"happened": "it happened", "did_not": "it did not happen"}


def word_of(text: str) -> Word:
    """Check what somebody says.

    Raises:
        InputError: It is neither of the two words.

    >>> word_of("did_not")
    'did_not'
    """
    for word in get_args(Word):
        if text == word:
            return word  # type: ignore[no-any-return]
    raise InputError(f"`{shown(text)}` tells nothing; write `happened` or `did_not`")


def reconcile(
    unit: Unit, ledger: Ledger, effect_id: str, word: Word, by: str, now: Instant
) -> tuple[LedgerRow, Attempt, str]:
    """End an unknown effect by a human's word: the last look-up of it, a row of the ledger too.

    Args:
        unit: The write transaction.
        ledger: Writes it.
        effect_id: The effect.
        word: What the human found.
        by: Who looked.
        now: When they say it.

    Returns:
        The effect as it stood before, the attempt that ends it, and the id of the signal that tells of it.

    Raises:
        MissingError: There is no such effect.
        ConflictError: It is not unknown, or its tool is being asked at this moment.
    """
    row = unit.effect(effect_id)
    if row is None:
        raise MissingError(f"no effect `{shown(effect_id)}`")
    if row.state != "unknown":
        raise ConflictError(f"effect `{effect_id}` is {row.state}; only what is unknown can be told")
    if row.attempts and not row.attempts[-1].state:
        raise ConflictError(f"effect `{effect_id}` is being looked up at this moment; tell it in a minute")
    detail = f"{by} looked: {_SAID[word]}"
    attempt = Attempt(effect_id, next_number(row), now, ended_at=now, state=_STATES[word], detail=detail)
    return row, attempt, ledger.end(unit, row, attempt, by=by)
