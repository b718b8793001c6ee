"""Customers and colleagues react to what was sent, by a hash of it."""

from segue.core.records.effects import Effect
from segue.core.units import DAY, Instant
from segue.simulation.cast import people
from segue.simulation.customers import reactions
from segue.simulation.staff import handled
from segue.simulation.trail import Sent

AT = Instant(1_793_511_000_000_000)


def a_send(name: str, action: str = "offer_demo", verb: str = "send") -> Sent:
    effect = Effect(
        id=name,
        decision_id="d",
        signal_id="s",
        index=0,
        connector="email",
        verb=verb,
        effect_class="K",
        arguments={},
        not_before=AT,
        deadline_at=Instant(AT + DAY),
        subject="profile:p",
        action=action,
        purpose="commercial",
        profile_id="p",
    )
    return Sent(effect, AT)


def test_some_customers_react_and_others_do_not() -> None:
    grace = {"p": people()["grace"]}

    reacted = [list(reactions([a_send(f"mail-{n}")], grace)) for n in range(200)]

    told = [signal for signals in reacted for signal in signals]
    assert 20 < sum(bool(signals) for signals in reacted) < 150
    assert {"demo_booked", "complaint"} <= {signal.body.get("outcome") for signal in told}
    assert all(signal.occurred_at.timestamp() * 1e6 > AT for signal in told)


def test_the_same_message_gets_the_same_reaction() -> None:
    grace = {"p": people()["grace"]}
    mails = [a_send(f"mail-{n}") for n in range(50)]

    assert list(reactions(mails, grace)) == list(reactions(mails, grace))


def test_people_of_the_scenes_do_not_react_by_themselves() -> None:
    assert list(reactions([a_send(f"mail-{n}") for n in range(50)], {})) == []


def test_a_colleague_takes_over_answers_and_hands_back() -> None:
    taken = list(handled([a_send("x", "hand_to_human", "hand_over")], {"p": people()["grace"]}))

    assert [signal.kind for signal in taken] == [
        "conversation.claimed",
        "message.sent",
        "conversation.released",
    ]
    assert "Julia Park" in taken[1].body["text"]


def test_a_ticket_is_opened_and_solved_later() -> None:
    opened, solved = handled(
        [a_send("x", "create_problem_ticket", "create_ticket")], {"p": people()["grace"]}
    )

    assert (opened.kind, solved.kind) == ("ticket.opened", "ticket.solved")
    assert opened.body["ticket"] == solved.body["ticket"]
    assert opened.occurred_at < solved.occurred_at
