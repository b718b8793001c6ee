"""E-mail keeps what a connector of class U promises, against a mail server that fails in every way."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from segue.connectors.email import Book, EmailConnector, EmailForm
from segue.core.errors import AmbiguousError, ConnectorError, RefusedError, RetryError
from segue.core.ports import DEAD_ADDRESS, Reply, Request
from segue.core.units import DAY, Instant, to_datetime
from segue.perception.mail import effect_of
from segue.runtime.clock import VirtualClock
from tests.build import NOW
from tests.mails import IDS
from tests.mailserver import LOGIN, MailServer, a_mail_server

USER, PASSWORD = LOGIN


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MailServer]:
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    async with a_mail_server() as made:
        yield made


def a_form(server: MailServer, *, mailbox: bool = True, **more: Any) -> EmailForm:
    login = {"host": "127.0.0.1", "security": "plain", "user": USER, "password": "env:MAIL_PASSWORD"}
    given: dict[str, Any] = {"smtp": {**login, "port": server.smtp_port}, **more}
    if mailbox:
        given["imap"] = {**login, "port": server.imap_port}
    return EmailForm.model_validate(given)


def a_connector(server: MailServer, clock: VirtualClock | None = None, **form: Any) -> EmailConnector:
    clock = clock or VirtualClock(to_datetime(NOW))
    return EmailConnector(a_form(server, **form), IDS, clock, Book(None, IDS))


def a_request(key: str = "key1", verb: str = "send", **arguments: Any) -> Request:
    given = {"to": "ann@x.io", "from": "hello@acme.example", "subject": "Training", "text": "Hello"}
    return Request(key, verb, {**given, **arguments}, 1, 30.0)


async def test_what_was_asked_for_reaches_the_server_under_the_effects_own_id(server: MailServer) -> None:
    reply = await a_connector(server).perform(a_request())

    (taken,) = server.taken
    assert (taken.sender, taken.recipients) == ("hello@acme.example", ["ann@x.io"])
    assert taken.mail["Message-ID"] == reply.reference
    assert effect_of(IDS, [reply.reference]) == "key1"
    assert taken.mail["Date"] == "Mon, 02 Mar 2026 09:00:00 +0000"
    assert reply.detail == {"said": "250 2.0.0 queued as 1"}


async def test_the_same_key_goes_out_under_the_same_id(server: MailServer) -> None:
    first = await a_connector(server).perform(a_request())
    again = await a_connector(server).perform(a_request())

    assert again.reference == first.reference
    assert len(server.taken) == 2


async def test_what_certainly_left_is_not_sent_again(server: MailServer) -> None:
    connector = a_connector(server)
    first = await connector.perform(a_request())

    again = await connector.perform(a_request())

    assert again.reference == first.reference
    assert len(server.taken) == 1


async def test_after_a_lost_reply_a_look_up_finds_the_mail_among_those_sent(server: MailServer) -> None:
    connector = a_connector(server)
    server.fault = "lose_reply"
    with pytest.raises(AmbiguousError):
        await connector.perform(a_request())

    found = await connector.look_up(a_request())

    assert found == Reply(server.taken[0].mail["Message-ID"])


async def test_a_copy_is_found_where_the_server_keeps_none(server: MailServer) -> None:
    server.keeps_sent = False
    connector = a_connector(server, copy_to="archive@acme.example")
    server.fault = "lose_reply"
    with pytest.raises(AmbiguousError):
        await connector.perform(a_request())
    assert server.taken[0].recipients == ["ann@x.io", "archive@acme.example"]

    server.deliver(server.taken[0].raw)

    assert await connector.look_up(a_request()) is not None


async def test_after_a_reset_there_is_nothing_to_find(server: MailServer) -> None:
    connector = a_connector(server)
    server.fault = "reset"
    with pytest.raises(AmbiguousError):
        await connector.perform(a_request())

    assert await connector.look_up(a_request()) is None
    assert server.taken == []


@pytest.mark.parametrize("place", ["mail", "rcpt", "data"])
@pytest.mark.parametrize(
    ("answer", "error", "wait_s"),
    [
        ("451 4.7.1 Greylisted, try again in 300 seconds", RetryError, 300.0),
        ("421 4.3.2 closing", RetryError, None),
        ("550 5.1.1 no such user", RefusedError, None),
        ("552 5.2.2 mailbox full", RefusedError, None),
    ],
)
async def test_an_answer_of_the_server_decides(
    server: MailServer, *, place: str, answer: str, error: type[ConnectorError], wait_s: float | None
) -> None:
    connector = a_connector(server)
    server.fault = f"{place}: {answer}"

    with pytest.raises(error) as caught:
        await connector.perform(a_request())

    assert answer[:9] in str(caught.value)
    assert getattr(caught.value, "retry_after_s", None) == wait_s
    assert server.taken == []
    await connector.perform(a_request())
    assert len(server.taken) == 1


@pytest.mark.parametrize(
    ("fault", "is_dead"),
    [
        ("rcpt: 550 5.1.1 no such user", True),
        ("rcpt: 550 Unknown user", True),
        ("rcpt: 550 5.7.1 relaying denied", False),
        ("rcpt: 554 blocked", False),
        ("mail: 550 5.1.8 sender unknown", False),
        ("data: 550 5.1.1 no such user", False),
    ],
)
async def test_a_refusal_of_the_recipient_says_whether_the_address_is_dead(
    server: MailServer, *, fault: str, is_dead: bool
) -> None:
    server.fault = fault

    with pytest.raises(RefusedError) as caught:
        await a_connector(server).perform(a_request())

    assert str(caught.value).startswith(DEAD_ADDRESS) is is_dead


async def test_a_login_that_fails_is_tried_again_much_later(server: MailServer) -> None:
    server.refuses_login = True

    with pytest.raises(RetryError, match="does not accept the login") as caught:
        await a_connector(server).perform(a_request())

    assert caught.value.retry_after_s == 300


async def test_a_server_that_is_away_took_nothing(server: MailServer) -> None:
    server.is_down = True

    with pytest.raises(RetryError, match="cannot be reached"):
        await a_connector(server).perform(a_request())
    with pytest.raises(RetryError, match="mailbox"):
        await a_connector(server).look_up(a_request())


async def test_without_a_mailbox_a_human_has_to_tell(server: MailServer) -> None:
    connector = a_connector(server, mailbox=False)

    with pytest.raises(RefusedError, match="without a mailbox"):
        await connector.look_up(a_request())


async def test_a_token_opens_both_servers(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_TOKEN", "ya29")
    server.token = "ya29"
    form = a_form(server).model_dump()
    for part in ("smtp", "imap"):
        form[part] |= {"password": None, "token": "env:MAIL_TOKEN"}
    connector = EmailConnector(
        EmailForm.model_validate(form), IDS, VirtualClock(to_datetime(NOW)), Book(None, IDS)
    )
    server.fault = "lose_reply"
    with pytest.raises(AmbiguousError):
        await connector.perform(a_request())

    assert await connector.look_up(a_request()) is not None


async def test_a_secret_that_is_missing_is_named_and_nothing_is_sent(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAIL_PASSWORD")

    with pytest.raises(RetryError, match="MAIL_PASSWORD"):
        await a_connector(server).perform(a_request())


async def test_a_thread_gets_only_so_many_automatic_answers_a_day(server: MailServer) -> None:
    clock = VirtualClock(to_datetime(NOW))
    connector = a_connector(server, clock, loop_limit=2)
    for number in range(2):
        await connector.perform(a_request(f"k{number}", thread="t1", in_reply_to="r1@x.io"))

    with pytest.raises(RefusedError, match="loop"):
        await connector.perform(a_request("k3", thread="t1", in_reply_to="r1@x.io"))
    await connector.perform(a_request("k4", thread="t2", in_reply_to="r1@x.io"))
    clock.move(Instant(NOW + 2 * DAY))
    await connector.perform(a_request("k5", thread="t1", in_reply_to="r1@x.io"))

    assert len(server.taken) == 4


async def test_an_address_beyond_ascii_goes_to_a_server_that_takes_it(server: MailServer) -> None:
    await a_connector(server).perform(a_request(to="jörg@bücher.example"))

    (taken,) = server.taken
    assert taken.recipients == ["jörg@xn--bcher-kva.example"]
    assert any(line.endswith("SMTPUTF8") for line in server.commands)


async def test_an_address_beyond_ascii_is_refused_where_no_server_takes_it(server: MailServer) -> None:
    server.utf8 = False

    with pytest.raises(RefusedError, match="SMTPUTF8"):
        await a_connector(server).perform(a_request(to="jörg@x.io"))


async def test_a_verb_it_does_not_have_is_refused(server: MailServer) -> None:
    with pytest.raises(RefusedError, match="no verb `juggle`"):
        await a_connector(server).perform(a_request(verb="juggle"))
    with pytest.raises(RefusedError, match="no verb `juggle`"):
        await a_connector(server).look_up(a_request(verb="juggle"))


async def test_what_left_survives_a_restart(server: MailServer, tmp_path: Any) -> None:
    path, clock = tmp_path / "email.db", VirtualClock(to_datetime(NOW))
    first = Book(path, IDS)
    await EmailConnector(a_form(server), IDS, clock, first).perform(a_request())
    first.close()

    second = Book(path, IDS)
    found = await EmailConnector(a_form(server, mailbox=False), IDS, clock, second).look_up(a_request())

    assert found == Reply(server.taken[0].mail["Message-ID"])
    second.close()
