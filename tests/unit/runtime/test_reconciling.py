"""A human's word on what nobody knows of: a last attempt on the ledger, a signal, and no second word."""

import pytest

from segue.core.errors import AmbiguousError, ConflictError, InputError, MissingError
from segue.core.records.effects import Attempt
from segue.core.records.events import Attempted
from segue.core.records.signals import Kind
from segue.runtime.reconciling import word_of
from tests.unit.runtime.fakes import FakeConnector, a_mind, a_signal, after, sends
from tests.unit.runtime.harness import Rig


def resets(_: object) -> None:
    raise AmbiguousError("reset")


async def lost(hours: float) -> tuple[Rig, str]:
    """Let an effect without a key get lost, and look it up for so long."""
    rig = Rig(a_mind(sends(effect_class="U")), FakeConnector("U", script=resets))
    await rig.submit(a_signal())
    await rig.settle(hours * 3600)
    (effect_id,) = rig.store.state.effects
    return rig, effect_id


@pytest.mark.parametrize(
    ("word", "state", "more"), [("happened", "delivered", {}), ("did_not", "failed", {"final": True})]
)
@pytest.mark.parametrize("hours", [0.01, 48])
async def test_what_a_human_found_ends_an_unknown_effect(
    word: str, state: str, more: dict[str, bool], hours: float
) -> None:
    rig, effect_id = await lost(hours)
    asked_before = len(rig.store.state.effects[effect_id].attempts)

    signal_id = rig.parts.dispatcher.reconcile(effect_id, word_of(word), "rep:anna")
    await rig.settle(72 * 3600)

    row = rig.store.state.effects[effect_id]
    assert (row.state, len(row.attempts)) == (state, asked_before + 1)
    assert row.attempts[-1].detail.startswith("rep:anna looked: ")
    told = rig.store.state.signals[signal_id]
    assert told.kind is Kind.EFFECT_SETTLED
    assert told.body.items() >= {"state": state, "by": "rep:anna", **more}.items()
    assert ("final" in told.body) is ("final" in more)
    assert told.subject == row.effect.subject
    assert not rig.store.state.waiting


async def test_the_first_word_stands() -> None:
    rig, effect_id = await lost(48)
    rig.parts.dispatcher.reconcile(effect_id, "happened", "rep:anna")

    with pytest.raises(ConflictError, match="delivered"):
        rig.parts.dispatcher.reconcile(effect_id, "did_not", "rep:tom")

    assert rig.states == ["delivered"]


async def test_a_word_on_what_is_being_looked_up_is_refused() -> None:
    rig, effect_id = await lost(0.01)
    row = rig.store.state.effects[effect_id]
    under_way = Attempt(effect_id, len(row.attempts) + 1, after(60))
    with rig.store.write() as unit:
        unit.record(Attempted(under_way, row.effect.subject))

    with pytest.raises(ConflictError, match="at this moment"):
        rig.parts.dispatcher.reconcile(effect_id, "happened", "rep:anna")

    assert rig.states == ["unknown"]


async def test_only_an_unknown_effect_that_is_there_can_be_told() -> None:
    rig = Rig(a_mind(sends()), FakeConnector())
    await rig.submit(a_signal())
    await rig.settle()
    (effect_id,) = rig.store.state.effects

    with pytest.raises(ConflictError, match="delivered"):
        rig.parts.dispatcher.reconcile(effect_id, "did_not", "rep:anna")
    with pytest.raises(MissingError):
        rig.parts.dispatcher.reconcile("nope", "did_not", "rep:anna")


def test_there_are_two_words() -> None:
    with pytest.raises(InputError, match="`happened` or `did_not`"):
        word_of("maybe")
