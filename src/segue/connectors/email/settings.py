"""What `connectors.yaml` says about e-mail: servers, addresses, signing, the mailbox."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from segue.connectors.email.secret import SecretRef

Security = Literal["tls", "starttls", "plain"]
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_ADDRESS = re.compile(r"[^\s@<>(),;:\"\[\]\\]+@[^\s@<>(),;:\"\[\]\\]+")


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise ValueError(f"`{text}` is no address; write it like `hello@acme.example`")
    return text


Address = Annotated[str, AfterValidator(_address)]


class Form(BaseModel):
    """A part of the file; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ServerForm(Form):
    """How a mail server is reached.

    Attributes:
        security: `tls` from the first byte, `starttls` after a greeting, `plain` on loopback only.
        ca_file: Certificate authorities to trust in place of the system's.
        password: For a login by password; or
        token: an OAuth access token for XOAUTH2, read anew at each login. Without `user` nobody logs in.
    """

    host: str = Field(min_length=1, pattern=r"^[^\s/]+$")
    port: int = Field(ge=1, le=65_535)
    security: Security = "tls"
    ca_file: str = ""
    user: str = ""
    password: SecretRef | None = None
    token: SecretRef | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.security == "plain" and self.host not in LOOPBACK:
            raise ValueError(f"`plain` to `{self.host}` shows mails to everybody; use `tls` or `starttls`")
        given = [name for name in ("password", "token") if getattr(self, name) is not None]
        if len(given) != (1 if self.user else 0):
            raise ValueError("write `user` with either `password` or `token`, or none of them")
        return self


class MailboxForm(ServerForm):
    """The mailbox that is read.

    Attributes:
        folder: Folder that mails arrive in.
        sent: Folder in which sent mails are found again; empty: the one the server calls so.
        poll_s: How often it is looked into where the server cannot tell of news by itself.
        history_days: At the very first look, mails of so many days become history: remembered, not acted on.
    """

    port: int = Field(993, ge=1, le=65_535)
    folder: str = "INBOX"
    sent: str = ""
    poll_s: int = Field(30, ge=1, le=3_600)
    history_days: int = Field(0, ge=0, le=366)


class SmtpForm(ServerForm):
    """The server that mails go out through."""

    port: int = Field(587, ge=1, le=65_535)
    security: Security = "starttls"


class DkimForm(Form):
    """How mails are signed (RFC 6376); the key is an RSA private key in PEM."""

    domain: str = Field(pattern=r"^[A-Za-z0-9.-]+\.[A-Za-z0-9-]+$")
    selector: str = Field(pattern=r"^[A-Za-z0-9._-]+$")
    key: SecretRef


class EmailForm(Form):
    """The section `email`.

    Attributes:
        sender: Address that speaks where the playbook's sender has none.
        bounces: Address that undeliverable mail comes back to; the effect's key is added behind a `+`. Empty:
            the sender's.
        unsubscribe: Address for unsubscribing by mail; it must arrive in the mailbox. Empty: `unsubscribe@`
            the sender's domain.
        footer: Put under commercial mails: the company's name and postal address, and `{link}` where the link
            to unsubscribe belongs.
        copy_to: Address that gets a copy of every mail, so that it is found again where no server keeps it.
        brand: Brand that the mailbox belongs to; empty speaks for all.
        loop_limit: So many automatic exchanges a thread may have in a day.
        per_second: Mails a second, at most.
    """

    smtp: SmtpForm
    imap: MailboxForm | None = None
    dkim: DkimForm | None = None
    sender: Address | Literal[""] = ""
    bounces: Address | Literal[""] = ""
    unsubscribe: Address | Literal[""] = ""
    copy_to: Address | Literal[""] = ""
    footer: str = ""
    brand: str = ""
    loop_limit: int = Field(10, ge=1, le=100)
    per_second: int = Field(5, ge=1, le=1_000)
