"""`segue connectors check email`: what works, what does not, and what to do, with a DNS that tests write."""

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from typer.testing import CliRunner

from segue.bootstrap import create_home
from segue.cli.commands import app
from segue.connectors.email.checking import Finding, check_email
from segue.connectors.email.dns import DnsResolver
from segue.connectors.email.settings import EmailForm
from segue.core.errors import RetryError
from tests.mailserver import LOGIN, MailServer, a_mail_server

USER, PASSWORD = LOGIN
DOMAIN = "acme.example"
GOOD = {DOMAIN: ["v=spf1 include:mx.example -all", "other=1"], f"_dmarc.{DOMAIN}": ["v=DMARC1; p=reject"]}


class WrittenDns:
    """Answers what the test wrote; None is no answer at all."""

    def __init__(self, records: dict[str, list[str]] | None) -> None:
        self._records = records

    async def texts(self, name: str) -> list[str]:
        if self._records is None:
            raise RetryError(f"the DNS does not answer about `{name}`: Timeout")
        return self._records.get(name, [])


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MailServer]:
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    async with a_mail_server() as made:
        yield made


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def a_form(server: MailServer, **more: Any) -> EmailForm:
    login = {"host": "127.0.0.1", "security": "plain", "user": USER, "password": "env:MAIL_PASSWORD"}
    given = {"smtp": {**login, "port": server.smtp_port}, "imap": {**login, "port": server.imap_port}}
    return EmailForm.model_validate({**given, **more})


async def found(
    server: MailServer, records: dict[str, list[str]] | None, *domains: str, **form: Any
) -> dict[str, Finding]:
    findings = await check_email(a_form(server, **form), domains or (DOMAIN,), WrittenDns(records))
    return {finding.check: finding for finding in findings}


async def test_servers_that_let_us_in_are_fine(server: MailServer) -> None:
    told = await found(server, GOOD)

    assert (told["smtp"].status, told["imap"].status) == ("ok", "ok")
    assert "logged in as segue" in told["smtp"].text
    assert server.taken == []


async def test_a_login_that_fails_is_told_without_its_secret(server: MailServer) -> None:
    server.refuses_login = True

    told = await found(server, GOOD)

    assert (told["smtp"].status, told["imap"].status) == ("fail", "fail")
    assert PASSWORD not in f"{told['smtp']} {told['imap']}"


async def test_a_folder_that_is_not_there_is_told(server: MailServer) -> None:
    imap = {**a_form(server).model_dump()["imap"], "folder": "Support"}

    told = await found(server, GOOD, imap=imap)

    assert (told["imap"].status, "`Support`" in told["imap"].text) == ("fail", True)


async def test_without_a_mailbox_answers_reach_nobody(server: MailServer) -> None:
    assert (await found(server, GOOD, imap=None))["imap"].status == "warn"


@pytest.mark.parametrize(
    ("records", "status", "text"),
    [
        (["v=spf1 include:x ~all"], "ok", "include:x"),
        (["v=spf1 redirect=_spf.x.example"], "ok", "redirect"),
        ([], "fail", "no SPF"),
        (["v=spf1 -all", "v=spf1 ~all"], "fail", "2 SPF"),
        (["v=spf1 +all"], "fail", "everybody"),
        (["v=spf1 include:x ?all"], "warn", "forbids nobody"),
    ],
)
async def test_spf_is_read(server: MailServer, records: list[str], status: str, text: str) -> None:
    spf = (await found(server, {DOMAIN: records}))["spf"]

    assert (spf.status, text in spf.text) == (status, True)
    assert bool(spf.hint) is (status != "ok")


@pytest.mark.parametrize(
    ("name", "records", "status"),
    [
        (f"_dmarc.mail.{DOMAIN}", ["v=DMARC1; p=quarantine"], "ok"),
        (f"_dmarc.{DOMAIN}", ["v=DMARC1;p=reject"], "ok"),
        (f"_dmarc.{DOMAIN}", ["v=DMARC1; p=none; rua=mailto:x@y.example"], "warn"),
        (f"_dmarc.{DOMAIN}", ["v=DMARC1; sp=none"], "fail"),
        (f"_dmarc.{DOMAIN}", ["v=DMARC1; p=none", "v=DMARC1; p=reject"], "fail"),
        ("_dmarc.example", ["v=DMARC1; p=reject"], "fail"),
        ("x", [], "fail"),
    ],
)
async def test_dmarc_is_read_of_the_domain_or_the_one_above(
    server: MailServer, name: str, records: list[str], status: str
) -> None:
    assert (await found(server, {name: records}, f"mail.{DOMAIN}"))["dmarc"].status == status


@pytest.mark.parametrize(
    ("published", "domains", "status"),
    [
        ("own", (DOMAIN,), "ok"),
        ("other", (DOMAIN,), "fail"),
        ("", (DOMAIN,), "fail"),
        ("own", ("nimbus.example",), "warn"),
    ],
)
async def test_the_dkim_key_in_the_dns_must_be_the_one_in_use(
    server: MailServer,
    tmp_path: Path,
    key: rsa.RSAPrivateKey,
    published: str,
    domains: tuple[str, ...],
    status: str,
) -> None:
    path = tmp_path / "dkim.pem"
    pkcs8, der = serialization.PrivateFormat.PKCS8, serialization.Encoding.DER
    path.write_bytes(key.private_bytes(serialization.Encoding.PEM, pkcs8, serialization.NoEncryption()))
    public = key.public_key().public_bytes(der, serialization.PublicFormat.SubjectPublicKeyInfo)
    own = base64.b64encode(public).decode()
    records = {"own": [f"v=DKIM1; k=rsa; p={own}"], "other": ["v=DKIM1; p=AAAA"], "": []}[published]

    told = await found(
        server,
        {**GOOD, f"s1._domainkey.{DOMAIN}": records},
        *domains,
        dkim={"domain": DOMAIN, "selector": "s1", "key": f"file:{path}"},
    )

    assert told["dkim"].status == status
    assert "PRIVATE" not in str(told["dkim"])


async def test_a_dkim_key_that_is_none_is_told(server: MailServer, tmp_path: Path) -> None:
    path = tmp_path / "dkim.pem"
    path.write_text("no key")

    told = await found(server, GOOD, dkim={"domain": DOMAIN, "selector": "s1", "key": f"file:{path}"})

    assert (told["dkim"].status, "PEM" in told["dkim"].text) == ("fail", True)


async def test_without_a_network_nothing_is_claimed(server: MailServer) -> None:
    told = await found(server, None)

    assert {told[name].status for name in ("spf", "dmarc")} == {"unknown"}


async def test_the_resolver_of_a_machine_without_a_network_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*args: object, **options: object) -> None:
        raise OSError("no route")

    monkeypatch.setattr("dns.asyncresolver.Resolver.resolve", away)

    with pytest.raises(RetryError, match="does not answer"):
        await DnsResolver().texts("acme.example")


def test_the_command_prints_findings_and_ends_with_one_where_something_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DnsResolver, "texts", WrittenDns(None).texts)
    home = create_home(tmp_path / "home")
    home.connectors.write_text("email: {smtp: {host: 127.0.0.1, security: plain, port: 1}}\n")

    done = CliRunner().invoke(app, ["connectors", "check", "email", "--home", str(home.path), "--json"])

    told = json.loads(done.stdout)
    assert (done.exit_code, told["works"]) == (1, False)
    assert told["findings"][0]["check"] == "smtp"
    assert "cannot be reached" in told["findings"][0]["text"]


@pytest.mark.parametrize(("name", "problem"), [("email", "has no section"), ("fax", "cannot be checked")])
def test_a_tool_that_is_not_configured_is_missing(tmp_path: Path, name: str, problem: str) -> None:
    home = create_home(tmp_path / "home")

    done = CliRunner().invoke(app, ["connectors", "check", name, "--home", str(home.path)])

    assert done.exit_code == 3
    assert problem in done.stderr
