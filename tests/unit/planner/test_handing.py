"""What colleagues are told: a brief with all the customer said, the deputy of who is away, a reminder."""

from dataclasses import replace

import pytest

from segue.core.records.effects import Timer
from segue.core.records.events import Stepped
from segue.core.records.memory import Fact
from segue.core.records.playbook import FactSource, Playbook, Text
from segue.core.records.promised import Promised
from segue.core.records.signals import Kind
from segue.core.units import DAY, Instant
from segue.planner.telling import TELL
from segue.plays import SILENCE
from tests.build import ACME, ANN, NOW, SETTINGS, SOURCES, a_fact, a_message, a_signal
from tests.unit.planner.build import an_action, book, decide, listens, text, upgrade_play

OWNER = (
    FactSource("account.owner_email", "stored", "owner_email", "text"),
    FactSource("account.deputy_email", "stored", "deputy_email", "text"),
    FactSource("account.owner_away_until", "stored", "owner_away_until", "instant"),
)
ASKS = a_signal(Kind.MESSAGE_RECEIVED, {"channel": "email", "text": "Is anybody there?"})


def a_desk(verb: str = "hand_over") -> Playbook:
    brief = Text(lambda values: str(values["brief"]), frozenset({"brief"}))
    action = an_action(
        "hand",
        purpose="internal",
        connector="helpdesk",
        verb=verb,
        channel="",
        template="",
        sender="",
        to="desk",
        bypass_score=True,
        arguments={"brief": brief, "title": text("Somebody waits")},
    )
    play = upgrade_play(service=True, actions=("hand",), listen=(listens(Kind.MESSAGE_RECEIVED),))
    settings = replace(SETTINGS, tell_by=("email",), desk="desk@acme.test")
    return book(play, actions=(action,), caps=(), policies=(), sources=(*SOURCES, *OWNER), settings=settings)


def handed(*facts: Fact, verb: str = "hand_over", **context: object) -> Stepped:
    return decide(a_desk(verb), *facts, signal=ASKS, **context)


def told(stepped: Stepped) -> list[str]:
    return [str(effect.arguments["to"]) for effect in stepped.effects if effect.action == TELL]


def test_a_brief_holds_all_the_customer_wrote_on_any_channel_and_what_is_owed() -> None:
    said = tuple(
        a_message(f"m{n}", channel=channel, text=f"fact {n}", at=NOW - n * DAY)
        for n, channel in enumerate(("sms", "chat", "email", "call", "form", "email", "sms"), start=1)
    )
    before, after = Instant(NOW - DAY), Instant(NOW + DAY)
    owed = Promised("p1", "company", "reply", "open", after, before, "s0", ANN, "rep:anna", before, "s0")

    stepped = handed(owed.fact(), a_fact("mood", "angry", trust="claimed"), messages=said)

    brief = str(stepped.effects[0].arguments["brief"]).split("\n")
    assert brief[:2] == ["in sms: fact 7", "in email: fact 6"]
    assert all(f"in {item.channel}: {item.text}" in brief for item in said)
    assert "in email: Is anybody there?" in brief
    assert "we promised: reply, Tue 3 Mar 2026" in brief
    assert "email: ann@acme.test" in brief
    assert not [line for line in brief if line.startswith("mood")]


@pytest.mark.parametrize(
    ("facts", "whom"),
    [
        ((), "desk@acme.test"),
        (("eve@acme.test", 0, "tom@acme.test"), "eve@acme.test"),
        (("eve@acme.test", NOW + DAY, "tom@acme.test"), "tom@acme.test"),
        (("eve@acme.test", NOW - DAY, "tom@acme.test"), "eve@acme.test"),
        (("eve@acme.test", NOW + DAY, ""), "desk@acme.test"),
    ],
    ids=["nobody", "the owner", "their deputy", "back again", "no deputy"],
)
def test_the_deputy_is_told_while_the_owner_is_away(facts: tuple[object, ...], whom: str) -> None:
    names = ("owner_email", "owner_away_until", "deputy_email")
    known = [a_fact(name, value, ACME) for name, value in zip(names, facts, strict=False) if value]

    assert told(handed(*known)) == [whom]


def test_what_a_play_notes_for_a_colleague_reaches_them_by_mail_too() -> None:
    stepped = handed(verb="notify")

    (mail,) = [effect for effect in stepped.effects if effect.action == TELL]
    assert mail.arguments["subject"] == "Reminder: Somebody waits"
    assert mail.purpose == "internal"


@pytest.mark.parametrize(("how", "mails"), [("written_by", 1), ("claimed_by", 0)])
def test_who_has_it_by_their_own_mail_alone_is_told_that_the_customer_wrote(how: str, mails: int) -> None:
    held = a_fact(f"conversation.{how}", "rep:tom", qualifier="support")

    stepped = handed(held, verb="brief")

    subjects = [effect.arguments["subject"] for effect in stepped.effects if effect.action == TELL]
    assert subjects == ["somebody without a name wrote again"] * mails


def test_whoever_hands_a_conversation_back_is_not_reminded_any_more() -> None:
    claim = a_fact("conversation.claimed_by", "rep:tom", qualifier="support")
    other = a_fact("conversation.claimed_by", "rep:sue", qualifier="success")
    timer = Timer("t1", SILENCE, ANN, Instant(NOW + DAY), "s0", {"detector": "human_silent"})
    back = a_signal("conversation.released", {"by": "rep:tom"})

    alone = decide(a_desk(), claim, signal=back, timers=(timer,))
    shared = decide(a_desk(), claim, other, signal=back, timers=(timer,))

    assert (alone.timers_cancelled, shared.timers_cancelled) == (("t1",), ())
