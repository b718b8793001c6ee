"""Checking e-mail: can it be sent and read, and will others believe that it is ours (SPF, DKIM, DMARC)."""

import asyncio
import base64
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from aiosmtplib import SMTPException
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from segue.connectors.email.dns import Resolver
from segue.connectors.email.mailbox import MAILBOX_ERRORS, Mailbox
from segue.connectors.email.secret import Secret
from segue.connectors.email.settings import DkimForm, EmailForm, MailboxForm
from segue.connectors.email.smtp import connected
from segue.core.errors import InputError, RetryError

Status = Literal["ok", "warn", "fail", "unknown"]
_KEY_BITS = 2_048


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    Attributes:
        check: `smtp`, `imap`, `spf`, `dkim` or `dmarc`.
        subject: The server or domain it is about.
        status: `unknown` where nobody could be asked.
        text: What was found.
        hint: What to do; empty where all is well.
    """

    check: str
    subject: str
    status: Status
    text: str
    hint: str = ""


async def check_email(form: EmailForm, domains: Iterable[str], resolver: Resolver) -> list[Finding]:
    """Look at servers and DNS; nothing is sent, and nothing in the mailbox is touched.

    Args:
        form: The settings.
        domains: Domains of the addresses that send.
        resolver: Asks the DNS.
    """
    return [finding async for finding in _findings(form, sorted(set(domains)), resolver)]


async def _findings(form: EmailForm, domains: list[str], resolver: Resolver) -> AsyncIterator[Finding]:
    yield await _smtp(form)
    yield await _imap(form.imap)
    if not domains:
        yield Finding("spf", "-", "warn", "no sender has an address", "give the playbook's senders addresses")
    for domain in domains:
        for check in (_spf, _dmarc):
            try:
                yield await check(domain, resolver)
            except RetryError as error:
                yield Finding(check.__name__[1:], domain, "unknown", str(error), "check again with a network")
    try:
        yield await _dkim(form.dkim, domains, resolver)
    except RetryError as error:
        yield Finding("dkim", form.dkim.domain if form.dkim else "-", "unknown", str(error), "check again")


async def _smtp(form: EmailForm) -> Finding:
    where = f"{form.smtp.host}:{form.smtp.port}"
    try:
        client = await connected(form.smtp, "localhost")
    except RetryError as error:
        return Finding(
            "smtp", where, "fail", str(error), "check host, port, security and login in `email.smtp`"
        )
    with suppress(SMTPException, OSError):
        await client.quit(timeout=1.0)
    client.close()
    login = f"logged in as {form.smtp.user}" if form.smtp.user else "no login"
    return Finding("smtp", where, "ok", f"connected ({form.smtp.security}), {login}")


async def _imap(form: MailboxForm | None) -> Finding:
    if form is None:
        hint = "add `email.imap`, or answers, bounces and unsubscribing by mail reach nobody"
        return Finding("imap", "-", "warn", "no mailbox is read", hint)
    where = f"{form.host}:{form.port}"
    try:
        found = await asyncio.to_thread(_looked, form)
    except MAILBOX_ERRORS as error:
        text = f"cannot read `{form.folder}`: {type(error).__name__}: {error}"
        return Finding(
            "imap", where, "fail", text, "check host, port, security, login and folder in `email.imap`"
        )
    return Finding("imap", where, "ok", found)


def _looked(form: MailboxForm) -> str:
    mailbox = Mailbox(form)
    try:
        mailbox.connect()
        mailbox.open(form.folder)
        news = "tells of news by itself" if mailbox.tells_of_news else f"is asked every {form.poll_s} s"
        return (
            f"`{form.folder}` can be read and {news}; sent mails are looked for in `{mailbox.sent_folder()}`"
        )
    finally:
        mailbox.close()


async def _spf(domain: str, resolver: Resolver) -> Finding:
    """RFC 7208: exactly one record, which ends by saying what becomes of all others."""
    found = [text for text in await resolver.texts(domain) if text.lower().split(" ")[0] == "v=spf1"]
    if not found:
        hint = f"add a TXT record at `{domain}`, such as `v=spf1 include:YOUR-PROVIDER -all`"
        return Finding("spf", domain, "fail", "no SPF record", hint)
    if len(found) > 1:
        return Finding(
            "spf", domain, "fail", f"{len(found)} SPF records", "keep one: several count as an error"
        )
    words = found[0].lower().split()
    if "+all" in words or "all" in words:
        return Finding(
            "spf", domain, "fail", "the SPF record lets everybody send", "end it with `-all` or `~all`"
        )
    if not ({"-all", "~all"} & set(words) or any(word.startswith("redirect=") for word in words)):
        return Finding("spf", domain, "warn", "the SPF record forbids nobody", "end it with `-all` or `~all`")
    return Finding("spf", domain, "ok", found[0])


async def _dmarc(domain: str, resolver: Resolver) -> Finding:
    """RFC 7489: the domain's own record, else that of the domain above."""
    for name in _and_above(domain):
        found = [
            text for text in await resolver.texts(f"_dmarc.{name}") if text.lower().startswith("v=dmarc1")
        ]
        if len(found) == 1:
            return _dmarc_policy(domain, found[0])
        if found:
            return Finding("dmarc", domain, "fail", f"{len(found)} DMARC records", "keep one")
    hint = f"add a TXT record at `_dmarc.{domain}`, such as `v=DMARC1; p=none; rua=mailto:dmarc@{domain}`"
    return Finding("dmarc", domain, "fail", "no DMARC record; large providers refuse bulk mail without", hint)


def _dmarc_policy(domain: str, record: str) -> Finding:
    policy = _tags(record).get("p", "").lower()
    if policy not in {"none", "quarantine", "reject"}:
        return Finding(
            "dmarc", domain, "fail", f"DMARC without a policy: {record}", "add `p=none`, or stricter"
        )
    if policy == "none":
        hint = "go on to `p=quarantine` when the reports show that all of your mail passes"
        return Finding("dmarc", domain, "warn", f"DMARC only watches: {record}", hint)
    return Finding("dmarc", domain, "ok", record)


async def _dkim(form: DkimForm | None, domains: list[str], resolver: Resolver) -> Finding:
    """RFC 6376: the public key in the DNS is the one mails are signed with, for the domain that sends."""
    if form is None:
        hint = "configure `email.dkim`, unless the mail server signs by itself"
        return Finding("dkim", "-", "warn", "mails are not signed here", hint)
    name = f"{form.selector}._domainkey.{form.domain}"
    try:
        public = _public_key(Secret(form.key).read())
    except InputError as error:
        return Finding("dkim", name, "fail", str(error), "put an RSA private key in PEM there")
    record = f"v=DKIM1; k=rsa; p={public}"
    texts = [text for text in await resolver.texts(name) if "p" in _tags(text)]
    if not texts:
        return Finding(
            "dkim", name, "fail", "no DKIM key in the DNS", f"add a TXT record at `{name}`: {record}"
        )
    if "".join(_tags(texts[0])["p"].split()) != public:
        hint = f"put there what belongs to the key in use: {record}"
        return Finding("dkim", name, "fail", "the DKIM key in the DNS is another one", hint)
    strangers = [item for item in domains if form.domain not in _and_above(item)]
    if strangers:
        text = f"signed for `{form.domain}`, but senders also use `{'`, `'.join(strangers)}`"
        return Finding("dkim", name, "warn", text, "DMARC wants the domain of the From address to sign")
    return Finding("dkim", name, "ok", "the key in the DNS is the one in use")


def _public_key(pem: str) -> str:
    try:
        key = serialization.load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise InputError("the DKIM key is no private key in PEM") from error
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < _KEY_BITS // 2:
        raise InputError(f"the DKIM key is no RSA key of {_KEY_BITS} bits")
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return base64.b64encode(key.public_key().public_bytes(serialization.Encoding.DER, form)).decode()


def _tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, equals, value in pairs if equals}


def _and_above(domain: str) -> Iterator[str]:
    """A domain and those above it that can be somebody's: not a top level.

    >>> list(_and_above("mail.acme.example"))
    ['mail.acme.example', 'acme.example']
    """
    labels = domain.split(".")
    return (".".join(labels[place:]) for place in range(max(1, len(labels) - 1)))
