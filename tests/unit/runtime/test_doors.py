"""The gate, approvals, controls and dead letters put back."""

from collections.abc import Mapping
from typing import Any

import pytest

from segue.core.errors import ConflictError, InputError, MissingError, SignalError
from segue.core.records.context import Context
from segue.core.records.effects import Approval
from segue.core.records.signals import Kind, Signal
from segue.runtime.controls import Controls
from segue.runtime.gate import Gate, GateRequest
from tests.unit.runtime.fakes import a_gate_decision, a_mind, a_signal, after
from tests.unit.runtime.harness import Rig


def a_request(key: str = "k1", **more: Any) -> GateRequest:
    fields: dict[str, Any] = {
        "tool": "mailer",
        "key": key,
        "identifiers": ["email:ann@x.io"],
        "purpose": "commercial",
        "channel": "email",
    }
    return GateRequest(**{**fields, **more})


def answering(mode: str) -> Any:
    def decide(context: Context, signal: Signal) -> Mapping[str, Any]:
        if signal.kind is not Kind.GATE_REQUESTED:
            return {}
        return {"decision": a_gate_decision(context, signal, mode)}

    return decide


@pytest.mark.parametrize(("mode", "answer"), [("allow", "allow"), ("hold", "hold"), ("deny", "deny")])
async def test_the_gates_answer_is_the_decision(mode: str, answer: str) -> None:
    rig = Rig(a_mind(answering(mode)))
    gate = Gate(rig.tenant, rig.driver)

    got = await gate.reserve(a_request())

    assert got.answer == answer
    assert got.decision_id == rig.store.state.decisions[0].id


async def test_the_same_key_is_the_same_question() -> None:
    rig = Rig(a_mind(answering("allow")))
    gate = Gate(rig.tenant, rig.driver)

    first, again = await gate.reserve(a_request()), await gate.reserve(a_request())

    assert first == again
    assert len(rig.store.state.decisions) == 1


async def test_a_key_used_for_another_question_is_a_conflict() -> None:
    rig = Rig(a_mind(answering("allow")))
    gate = Gate(rig.tenant, rig.driver)
    await gate.reserve(a_request())

    with pytest.raises(ConflictError):
        await gate.reserve(a_request(channel="sms"))
    assert rig.store.state.letters == {}


async def test_checking_first_and_reserving_later_takes_one_key() -> None:
    rig = Rig(a_mind(answering("allow")))
    gate = Gate(rig.tenant, rig.driver)

    await gate.check(a_request())
    await gate.reserve(a_request())

    assert [body["reserve"] for body in rig.signals("gate.requested")] == [False, True]


async def test_what_cannot_be_decided_is_denied() -> None:
    def decide(context: Context, signal: Signal) -> Mapping[str, Any]:
        raise ZeroDivisionError

    gate = Gate((rig := Rig(a_mind(decide))).tenant, rig.driver)

    assert (await gate.reserve(a_request())).answer == "deny"


@pytest.mark.parametrize(
    "fields", [{"purpose": "fun"}, {"key": ""}, {"tool": "x" * 300}, {"identifiers": []}]
)
async def test_a_malformed_request_is_refused(fields: dict[str, Any]) -> None:
    rig = Rig()

    with pytest.raises(SignalError):
        await Gate(rig.tenant, rig.driver).reserve(a_request(**fields))


async def test_committing_is_told_in_the_lane_of_the_request() -> None:
    rig = Rig(a_mind(answering("allow")))
    gate = Gate(rig.tenant, rig.driver)
    await gate.reserve(a_request())

    await gate.reserve(a_request("k2"))
    await gate.commit("mailer", "k1")
    await gate.release("mailer", "k2")

    told = [signal for signal in rig.store.state.signals.values() if signal.kind != "gate.requested"]
    assert [signal.kind for signal in told] == [Kind.GATE_COMMITTED, Kind.GATE_RELEASED]
    assert {signal.identifiers for signal in told} == {("email:ann@x.io",)}


async def test_an_approval_is_a_signal_about_its_subject() -> None:
    rig = Rig()
    rig.store.state.approvals["a"] = Approval("a", "d", "profile:p", after(0), after(60), (), 1, "why")
    controls = Controls(rig.tenant, rig.driver)

    await controls.approve("a", "rep:anna", "edited")
    await controls.reject("a", "rep:anna", "no")

    (given,) = rig.signals("approval.given")
    assert given == {"approval": "a", "by": "rep:anna", "text": "edited"}
    assert {signal.subject for signal in rig.store.state.signals.values()} == {"profile:p"}


async def test_only_a_waiting_approval_can_be_given() -> None:
    rig = Rig()

    with pytest.raises(MissingError):
        await Controls(rig.tenant, rig.driver).approve("nope", "rep:anna")


async def test_a_control_can_be_set_again_and_again() -> None:
    rig = Rig()
    controls = Controls(rig.tenant, rig.driver)

    states = [(await controls.control(kill_switch=on, by="rep:anna")).state for on in (True, False, True)]

    assert states == ["accepted"] * 3


async def test_a_control_says_one_thing() -> None:
    rig = Rig()

    with pytest.raises(InputError):
        await Controls(rig.tenant, rig.driver).control(by="rep:anna", pause="a", resume="b")


async def test_a_dead_letter_put_back_is_stepped() -> None:
    broken = [True]

    def decide(context: Context, signal: Signal) -> Mapping[str, Any]:
        if broken[0]:
            raise ZeroDivisionError
        return {}

    rig = Rig(a_mind(decide))
    controls = Controls(rig.tenant, rig.driver)
    await rig.submit(a_signal())
    await rig.settle()
    (letter_id,) = rig.store.state.letters

    broken[0] = False
    await controls.replay_dead_letter(letter_id)
    await rig.settle()

    assert not rig.store.state.letters
    assert not rig.store.state.waiting
    assert rig.store.state.log[-1].__class__.__name__ == "Stepped"


async def test_a_second_body_cannot_be_put_back() -> None:
    rig = Rig()
    await rig.submit(a_signal())
    await rig.submit(a_signal(body={"path": "/other"}))
    (letter_id,) = rig.store.state.letters

    with pytest.raises(InputError):
        await Controls(rig.tenant, rig.driver).replay_dead_letter(letter_id)
    with pytest.raises(MissingError):
        await Controls(rig.tenant, rig.driver).replay_dead_letter("nope")
