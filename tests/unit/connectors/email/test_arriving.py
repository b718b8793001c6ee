"""Each mail is one signal or none; a From is never more than a claim."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from segue.connectors.email.arriving import Arrived, signal_of, subject_of_token, thread_of
from segue.core.records.signals import NewSignal
from segue.perception.mail import read_mail
from segue.privacy.links import Subscription, sign
from tests.mails import IDS, KEY, OURS, a_bounce, a_complaint, a_mail

AT = datetime(2026, 10, 5, 8, 0, 5, tzinfo=UTC)
ANN = f"profile:{'0' * 26}"
TOKEN = sign(IDS, Subscription("0" * 26, "acme", "commercial", "email"))


def arrived(raw: bytes, **more: Any) -> NewSignal | str:
    given: dict[str, Any] = {"is_known": True}
    return signal_of(Arrived(read_mail(raw, IDS), "email", AT, "d1", **{**given, **more}), IDS)


def the_signal(raw: bytes, **more: Any) -> NewSignal:
    found = arrived(raw, **more)
    assert isinstance(found, NewSignal)
    return found


def test_a_message_is_perceived_by_its_own_words_and_kept_whole() -> None:
    raw = a_mail("Thursday.\n\nOn Mon, Acme <h@acme.example> wrote:\n> Which day?", References=OURS)

    signal = the_signal(raw, brand="acme")

    assert (signal.kind, signal.identifiers, signal.subject) == (
        "message.received",
        ("email:ann@alder.test",),
        "",
    )
    assert signal.body["text"] == "Thursday."
    assert "> Which day?" in signal.body["whole"]
    assert (signal.body["thread"], signal.body["brand"]) == (KEY, "acme")
    assert signal.body["message_id"] == "reply-1@alder.test"
    assert "automatic" not in signal.body


def test_the_same_mail_is_the_same_signal_whenever_it_is_read() -> None:
    later = AT + timedelta(hours=3)

    first = signal_of(Arrived(read_mail(a_mail(), IDS), "email", AT, "d1", is_known=True), IDS)
    again = signal_of(Arrived(read_mail(a_mail(), IDS), "email", later, "d2", is_known=True), IDS)
    assert first == again


def test_without_a_message_id_the_bytes_are_the_key() -> None:
    assert the_signal(a_mail(**{"Message-ID": ""})).source_id == "digest:d1"


@pytest.mark.parametrize("date", ["", "nonsense", "Mon, 5 Oct 2020 10:00:00 +0200"])
def test_a_date_that_cannot_be_is_replaced_by_the_arrival(date: str) -> None:
    assert the_signal(a_mail(Date=date)).occurred_at == AT


@pytest.mark.parametrize("subject", ["unsubscribe", f"unsubscribe {TOKEN}"])
def test_a_withdrawal_is_dated_by_its_arrival_and_comes_after_all_of_that_second(subject: str) -> None:
    hours_slow = a_mail(Subject=subject, Date="Mon, 5 Oct 2026 05:00:00 +0200")

    assert the_signal(hours_slow).occurred_at == AT + timedelta(seconds=1, microseconds=-1)


def test_a_mail_of_a_stranger_is_not_kept() -> None:
    assert arrived(a_mail(), is_known=False) == "unknown"


def test_our_own_mail_and_receipts_are_no_signals() -> None:
    assert arrived(a_mail(**{"Message-ID": OURS})) == "own"
    assert arrived(a_bounce("delivered", "2.0.0", "250 ok")) == "receipt"


def test_what_a_machine_wrote_is_marked_and_so_is_a_loop() -> None:
    assert the_signal(a_mail(Subject="Automatic reply: x")).body["automatic"] == "out_of_office"
    assert the_signal(a_mail(), loops=True).body["automatic"] == "loop"


def test_a_bounce_speaks_of_whom_the_effect_reached() -> None:
    signal = the_signal(a_bounce(), subject=ANN)

    assert (signal.kind, signal.subject, signal.identifiers) == ("message.bounced", ANN, ())
    assert {name: signal.body[name] for name in ("channel", "effect", "severity", "status")} == {
        "channel": "email",
        "effect": KEY,
        "severity": "hard",
        "status": "5.1.1",
    }


@pytest.mark.parametrize("raw", [a_bounce(), a_complaint()], ids=["bounce", "complaint"])
def test_a_report_about_nobody_we_know_is_foreign(raw: bytes) -> None:
    assert arrived(raw, subject="") == "foreign"


def test_a_complaint_is_a_harm_over_its_channel() -> None:
    signal = the_signal(a_complaint(), subject=ANN)

    assert (signal.kind, signal.subject) == ("outcome.reached", ANN)
    assert dict(signal.body) == {"channel": "email", "effect": KEY, "outcome": "complaint"}


def test_a_signed_token_unsubscribes_whom_it_names_whoever_sends_it() -> None:
    raw = a_mail(From="other@elsewhere.test", Subject=f"unsubscribe {TOKEN}")

    signal = the_signal(raw, is_known=False)

    assert (signal.kind, signal.subject) == ("consent.changed", ANN)
    assert (signal.body["state"], signal.body["brand"], signal.body["purpose"]) == (
        "withdrawn",
        "acme",
        "commercial",
    )
    assert "trust" not in signal.body
    assert subject_of_token(IDS, TOKEN) == ANN


@pytest.mark.parametrize("subject", ["unsubscribe", f"unsubscribe {TOKEN[:-1]}0"])
def test_without_a_token_of_ours_the_sender_is_only_claimed(subject: str) -> None:
    signal = the_signal(a_mail(Subject=subject), brand="acme")

    assert (signal.identifiers, signal.subject) == (("email:ann@alder.test",), "")
    assert (signal.body["trust"], signal.body["brand"]) == ("claimed", "acme")
    assert arrived(a_mail(Subject=subject), is_known=False) == "unknown"


@pytest.mark.parametrize(
    ("references", "thread"),
    [(f"{OURS} <x@y.test>", KEY), (f"<root@y.test> {OURS}", "root@y.test"), ("", "reply-1@alder.test")],
)
def test_a_thread_is_named_by_what_began_it(references: str, thread: str) -> None:
    assert thread_of(read_mail(a_mail(References=references), IDS), IDS) == thread


def test_a_thread_the_book_knows_is_taken_first() -> None:
    assert the_signal(a_mail(References="<x@y.test>"), thread="t1").body["thread"] == "t1"


def test_what_came_before_segue_listened_is_history() -> None:
    assert the_signal(a_mail(), history=True).history
