"""Where the e-mail connector sends data to, and what class of data, by its settings alone."""

from collections.abc import Iterator

from segue.connectors.email.settings import EmailForm, ServerForm
from segue.core.ports import Outbound

_USUAL = {587, 993}


def ways_out(form: EmailForm) -> Iterator[Outbound]:
    """The mail servers, SMTP first.

    A mailbox is only read: what is asked of it names mails that Segue itself sent, by their ids.
    """
    yield Outbound("email", _place(form.smtp), ("addresses", "names", "messages", *_login(form.smtp)))
    if form.imap is not None:
        yield Outbound("email", _place(form.imap), ("ids of mails", *_login(form.imap)))


def _place(server: ServerForm) -> str:
    return server.host if server.port in _USUAL else f"{server.host}:{server.port}"


def _login(server: ServerForm) -> tuple[str, ...]:
    return ("a login",) if server.user else ()
