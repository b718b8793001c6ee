"""Composing: the final arguments of an effect as the bytes of a mail; nothing in them can add a header."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

from segue.connectors.email.rendering import html_of
from segue.connectors.email.settings import EmailForm
from segue.core.errors import RefusedError
from segue.core.ids import IdKey
from segue.core.units import Instant, to_datetime
from segue.identity import ascii_domain
from segue.perception.mail import message_id, own_local_part

COMMERCIAL, INTERNAL = "commercial", "internal"
_CHOOSE = {"en": "Choose what we write about", "de": "Wählen Sie, worüber wir Ihnen schreiben"}
_LOCAL = re.compile(r"[^\s@<>(),;:\"\[\]\\\x00-\x1f\x7f]{1,64}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_ID = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]{3,250}")
_WORD = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class Composed:
    """A mail ready to go.

    Attributes:
        mail: Headers and body.
        message_id: With brackets; made of the effect's key.
        envelope_from: Where it comes back to if it cannot be delivered.
        thread: Key of the thread it stands in.
    """

    mail: EmailMessage
    message_id: str
    envelope_from: str
    to: str
    thread: str
    needs_utf8: bool

    def as_bytes(self) -> bytes:
        """The mail as it is sent, with CRLF."""
        policy = SMTPUTF8 if self.needs_utf8 else SMTP
        # Long links and ids must stay in one piece: 998 characters are allowed, and no reader splits words.
        return self.mail.as_bytes(policy=policy.clone(max_line_length=990))


def compose(key: str, arguments: Mapping[str, Any], form: EmailForm, ids: IdKey, now: Instant) -> Composed:
    """Write the mail of one effect.

    Args:
        key: The effect's key; the Message-ID is made of it.
        arguments: `to`, `text`; `from`, `from_name`, `subject`, `brand`, `language`, `purpose`,
            `preferences_url`, `unsubscribe`, `unsubscribe_url`, `thread`, `in_reply_to`, `references`.
        form: The settings.
        ids: The tenant's id key.
        now: What the mail is dated.

    Raises:
        RefusedError: An address is missing or none, or there is no text.
    """
    given = {name: str(arguments.get(name) or "") for name in arguments}
    to, sender = address("to", given.get("to", "")), address("from", given.get("from", "") or form.sender)
    text = given.get("text", "")
    if not text.strip():
        raise RefusedError("a mail needs a text")
    own_id = message_id(ids, key, sender.domain)
    mail = EmailMessage(policy=SMTPUTF8)
    mail["From"] = Address(one_line(given.get("from_name", "")), addr_spec=sender.addr_spec)
    mail["To"] = to
    mail["Subject"] = one_line(given.get("subject", ""))
    mail["Date"] = format_datetime(to_datetime(now))
    mail["Message-ID"] = own_id
    _thread(mail, given, arguments)
    foot = ""
    if given.get("purpose") == COMMERCIAL:
        foot = form.footer.strip().replace("{link}", _way_out(mail, given, form, sender))
    if given.get("purpose") != INTERNAL:
        foot = chosen(foot, given.get("preferences_url", ""), given.get("language", ""))
    _body(mail, *footed(text, foot))
    return Composed(
        mail=mail,
        message_id=own_id,
        envelope_from=_envelope(form, ids, key, sender),
        to=to.addr_spec,
        thread=given.get("thread") or key,
        needs_utf8=not (to.addr_spec + sender.addr_spec).isascii(),
    )


def address(what: str, text: str) -> Address:
    """Read one plain address; its domain is written in ASCII.

    Raises:
        RefusedError: It is none, or more than one.

    >>> address("to", "ann@bücher.example").addr_spec
    'ann@xn--bcher-kva.example'
    """
    local, at, domain = text.strip().rpartition("@")
    spelt = ascii_domain(domain) if at else ""
    if not (spelt and _LOCAL.fullmatch(local)):
        # Not repeated: what a connector says of an attempt is kept, shown and told to colleagues.
        raise RefusedError(f"what stands in `{what}` is no e-mail address; write it like `ann@example.com`")
    return Address(username=local, domain=spelt)


def one_line(text: str) -> str:
    r"""A text fit for a header: one line, no control characters, no half characters.

    >>> one_line("Hello\r\nBcc: all@x.io")
    'Hello Bcc: all@x.io'
    """
    whole = text.encode("utf-8", "replace").decode()
    # What begins like an encoded word would be decoded by the reader's program.
    return _CONTROL.sub(" ", whole).replace("=?", "= ?").strip()[:500]


def chosen(foot: str, page: str, language: str) -> str:
    r"""A footer that names the page where a customer chooses what they get, below what it says already.

    >>> chosen("Acme GmbH", "https://segue.example/u/t", "en")
    'Acme GmbH\n\nChoose what we write about: https://segue.example/u/t'
    """
    if not _is_link(page):
        return foot
    line = _CHOOSE.get(language.lower().partition("-")[0], _CHOOSE["en"])
    return f"{foot}\n\n{line}: {page}" if foot else f"{line}: {page}"


def footed(text: str, foot: str) -> tuple[str, str]:
    """A mail's text and HTML with what stands below it."""
    return (f"{text.rstrip()}\n\n-- \n{foot}", html_of(text, foot)) if foot else (text, html_of(text))


def _thread(mail: EmailMessage, given: Mapping[str, str], arguments: Mapping[str, Any]) -> None:
    answered = given.get("in_reply_to", "")
    listed = arguments.get("references")
    known = [str(item) for item in listed] if isinstance(listed, list | tuple) else []
    if _ID.fullmatch(answered):
        mail["In-Reply-To"] = f"<{answered}>"
    references = [f"<{item}>" for item in known if _ID.fullmatch(item)]
    if references:
        mail["References"] = " ".join(references)
    # RFC 3834: answering machines leave alone what says so, and so two of them never talk to each other.
    mail["Auto-Submitted"] = "auto-replied" if answered else "auto-generated"
    mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"


def _way_out(mail: EmailMessage, given: Mapping[str, str], form: EmailForm, sender: Address) -> str:
    """How to unsubscribe, by mail and with one click (RFC 2369, RFC 8058); returns the link for people."""
    token, url = given.get("unsubscribe", ""), given.get("unsubscribe_url", "")
    to = form.unsubscribe or f"unsubscribe@{sender.domain}"
    subject = quote(f"unsubscribe {token}".strip())
    by_mail = f"mailto:{quote(to, safe='@+.')}?subject={subject}"
    secure = url if _is_link(url) else ""
    mail["List-Unsubscribe"] = f"<{secure}>, <{by_mail}>" if secure else f"<{by_mail}>"
    if secure.startswith("https://"):
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    brand = _WORD.sub("-", given.get("brand", ""))
    mail["Feedback-ID"] = f"{brand}:{COMMERCIAL}:mail:segue"
    return secure or by_mail


def _is_link(url: str) -> bool:
    return url.startswith(("https://", "http://")) and not _CONTROL.search(url) and " " not in url


def _body(mail: EmailMessage, text: str, rich: str) -> None:
    whole = text.encode("utf-8", "replace").decode()
    mail.set_content(whole, charset="utf-8", cte="quoted-printable")
    mail.add_alternative(
        rich.encode("utf-8", "replace").decode(), subtype="html", charset="utf-8", cte="quoted-printable"
    )


def _envelope(form: EmailForm, ids: IdKey, key: str, sender: Address) -> str:
    """The address of this one mail that it bounces to, so that a bounce names its effect in any case."""
    if not form.bounces:
        return sender.addr_spec
    local, _, domain = form.bounces.rpartition("@")
    return f"{local}+{own_local_part(ids, key)}@{domain}"
