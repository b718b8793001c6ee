"""E-mail from end to end on loopback: a customer writes, Segue decides, the answer stands in the thread."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

import segue
from segue.bootstrap import App, create_home
from segue.core.errors import PlaybookError
from segue.perception.mail import effect_of
from segue.privacy.links import Subscription, sign
from tests.mails import IDS, a_bounce, a_complaint, a_mail, a_report
from tests.mailserver import LOGIN, MailServer, Taken, a_mail_server

USER, PASSWORD = LOGIN
QUESTION = "How much does an extra seat cost per month?"


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MailServer]:
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    async with a_mail_server() as made:
        yield made


@asynccontextmanager
async def a_company(server: MailServer, path: Path) -> AsyncIterator[App]:
    """A home with the default library whose mails are real, and Ann of Alder on record."""
    home = create_home(path, id_key=IDS)
    login = f"host: 127.0.0.1, security: plain, user: {USER}, password: 'env:MAIL_PASSWORD'"
    home.connectors.write_text(
        "sandbox: true\nemail:\n"
        f"  smtp: {{{login}, port: {server.smtp_port}}}\n  imap: {{{login}, port: {server.imap_port}}}\n"
    )
    async with segue.open(path) as app:
        facts = {"name": "Ann Alder", "email": "ann@alder.test", "time_zone": "Europe/Berlin"}
        await app.submit([a_signal("profile.updated", facts=facts)])
        await until(lambda: any(" IDLE" in line for line in server.commands))
        yield app


def a_signal(kind: str, **body: Any) -> segue.Signal:
    return segue.Signal("crm", None, kind, ["crm:1", "email:ann@alder.test"], datetime.now(UTC), body)


async def until(holds: Callable[[], bool], seconds: float = 5.0) -> None:
    for _ in range(int(seconds / 0.01)):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to be")


def a_letter(text: str, **headers: str) -> bytes:
    return a_mail(text, **{"Date": format_datetime(datetime.now(UTC)), **headers})


async def answered(server: MailServer, count: int = 1) -> Taken:
    await until(lambda: len(server.taken) >= count)
    return server.taken[count - 1]


async def test_a_customers_mail_is_decided_on_and_answered_in_its_thread(
    server: MailServer, tmp_path: Path
) -> None:
    async with a_company(server, tmp_path / "home") as app:
        server.deliver(a_letter(QUESTION, References="<old@alder.test>", Message_ID="<q1@alder.test>"))

        taken = await answered(server)
        await app.settle()
        person = app.person("email:ann@alder.test")

    assert taken.recipients == ["ann@alder.test"]
    assert taken.mail["In-Reply-To"] == "<q1@alder.test>"
    assert taken.mail["References"] == "<old@alder.test> <q1@alder.test>"
    assert taken.mail["Auto-Submitted"] == "auto-replied"
    said = [(item.direction, item.channel, item.thread) for item in person.messages]
    assert [(direction, channel) for direction, channel, _ in said] == [("out", "email"), ("in", "email")]
    assert len({thread for *_, thread in said}) == 1


async def test_the_customers_next_mail_stands_in_the_same_thread(server: MailServer, tmp_path: Path) -> None:
    async with a_company(server, tmp_path / "home") as app:
        server.deliver(a_letter(QUESTION, Message_ID="<q1@alder.test>"))
        first = await answered(server)
        server.deliver(a_letter(QUESTION, Message_ID="<q2@alder.test>", In_Reply_To=first.mail["Message-ID"]))
        await answered(server, 2)
        await app.settle()
        person = app.person("email:ann@alder.test")

    assert len(person.messages) == 4
    assert len({item.thread for item in person.messages}) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Subject": "Automatic reply: Training"},
        {"Auto-Submitted": "auto-replied"},
        {"List-Id": "<x.alder.test>"},
    ],
)
async def test_a_machine_gets_no_answer(server: MailServer, tmp_path: Path, headers: dict[str, str]) -> None:
    async with a_company(server, tmp_path / "home") as app:
        server.deliver(a_letter(QUESTION, **headers))
        await until(lambda: len(app.person("email:ann@alder.test").messages) == 1)
        await app.settle()
        person = app.person("email:ann@alder.test")

    assert server.taken == []
    assert [item.by for item in person.messages] == ["automatic"]
    assert person.decisions == ()


async def test_two_machines_that_answer_each_other_come_to_rest(server: MailServer, tmp_path: Path) -> None:
    async with a_company(server, tmp_path / "home") as app:
        for number in range(14):
            last = server.taken[-1].mail["Message-ID"] if server.taken else ""
            server.deliver(a_letter(QUESTION, Message_ID=f"<q{number}@alder.test>", In_Reply_To=last))
            await until(lambda n=number: len(app.person("email:ann@alder.test").messages) > n)  # type: ignore[misc]
            await app.settle()

    assert len(server.taken) <= 10


async def test_a_mail_of_a_stranger_leaves_nothing_behind(server: MailServer, tmp_path: Path) -> None:
    async with a_company(server, tmp_path / "home") as app:
        server.deliver(
            a_letter("A secret of Eve", From="eve@elsewhere.test", Message_ID="<e1@elsewhere.test>")
        )
        server.deliver(a_letter(QUESTION))
        await answered(server)
        await app.settle()

        with pytest.raises(segue.SegueError):
            app.person("email:eve@elsewhere.test")
    kept = b"".join(path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file())
    assert b"elsewhere" not in kept


async def test_what_bounces_for_good_is_not_written_to_again(server: MailServer, tmp_path: Path) -> None:
    async with a_company(server, tmp_path / "home") as app:
        server.deliver(a_letter(QUESTION, Message_ID="<q1@alder.test>"))
        first = await answered(server)
        await app.settle()
        fields = "Final-Recipient: rfc822; ann@alder.test\nAction: failed\nStatus: 5.1.1\n"
        server.deliver(a_report("delivery-status", fields, f"Message-ID: {first.mail['Message-ID']}"))
        await until(
            lambda: any(f.predicate == "undeliverable" for f in app.person("email:ann@alder.test").facts)
        )
        server.deliver(a_letter(QUESTION, Message_ID="<q2@alder.test>"))
        await until(lambda: len(app.person("email:ann@alder.test").messages) == 3)
        await app.settle()
        last = app.decisions("email:ann@alder.test")[0]

    assert [taken.recipients for taken in server.taken].count(["ann@alder.test"]) == 1
    assert last.action == "show_to_human"


async def test_a_complaint_takes_back_consent_and_counts_as_a_harm(
    server: MailServer, tmp_path: Path
) -> None:
    async with a_company(server, tmp_path / "home") as app:
        server.deliver(a_letter(QUESTION))
        first = await answered(server)
        await app.settle()
        fields = "Feedback-Type: abuse\nVersion: 1\n"
        server.deliver(a_report("feedback-report", fields, f"Message-ID: {first.mail['Message-ID']}"))
        await until(lambda: len(app.person("email:ann@alder.test").outcomes) == 2)
        person = app.person("email:ann@alder.test")

    assert {item.name for item in person.outcomes} == {"complaint", "opt_out"}
    assert ("consent.email", "withdrawn") in {(fact.predicate, fact.value) for fact in person.facts}


async def test_one_click_by_mail_unsubscribes_whom_the_token_names(
    server: MailServer, tmp_path: Path
) -> None:
    async with a_company(server, tmp_path / "home") as app:
        profile = app.person("email:ann@alder.test").person_id
        token = sign(IDS, Subscription(profile, "acme", "commercial", "email"))
        server.deliver(a_letter("", From="phone@elsewhere.test", Subject=f"unsubscribe {token}"))
        await until(
            lambda: any(
                f.predicate == "consent.email.commercial" for f in app.person("email:ann@alder.test").facts
            )
        )
        (fact,) = (
            f for f in app.person("email:ann@alder.test").facts if f.predicate == "consent.email.commercial"
        )

    assert (fact.value, fact.qualifier, fact.trust) == ("withdrawn", "acme", "verified")


async def test_a_report_about_a_mail_of_somebody_else_changes_nothing(
    server: MailServer, tmp_path: Path
) -> None:
    async with a_company(server, tmp_path / "home") as app:
        for raw in (a_bounce(), a_complaint()):
            assert effect_of(IDS, [raw.decode()])
            server.deliver(raw)
        server.deliver(a_letter(QUESTION))
        await answered(server)
        await app.settle()
        person = app.person("email:ann@alder.test")

    assert person.outcomes == ()
    assert not any(fact.predicate in {"undeliverable", "consent.email"} for fact in person.facts)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("emial: {}", "line 1 column 1"),
        ("email: {smtp: {host: mx.acme.example, security: plain}}", "shows mails to everybody"),
        ("email: {smtp: {host: mx.acme.example, user: a, password: hunter2}}", "env:NAME"),
        ("email: {smtp: {host: mx.acme.example, user: a}}", "password"),
    ],
)
async def test_a_wrong_file_is_told_by_its_place_and_shows_no_secret(
    tmp_path: Path, text: str, problem: str
) -> None:
    create_home(tmp_path / "home").connectors.write_text(text)

    with pytest.raises(PlaybookError, match=problem) as caught:
        async with segue.open(tmp_path / "home"):
            raise AssertionError("it opened")

    assert "`connectors.yaml` line 1" in str(caught.value)
    assert "hunter2" not in str(caught.value)


async def test_without_the_sandbox_only_what_is_named_is_there(server: MailServer, tmp_path: Path) -> None:
    home = create_home(tmp_path / "home")
    home.connectors.write_text(
        f"email: {{smtp: {{host: 127.0.0.1, security: plain, port: {server.smtp_port}}}}}\n"
    )

    async with segue.open(home.path) as app:
        assert app.sandbox is None
    assert not home.sandbox.exists()
