"""SMTP out: one mail over one connection, and what the server's answer means for the effect."""

import re
import ssl

import aiosmtplib
from aiosmtplib import SMTP, SMTPException, SMTPRecipientRefused, SMTPResponseException

from segue.connectors.email.composing import Composed
from segue.connectors.email.secret import Secret
from segue.connectors.email.settings import ServerForm
from segue.core.errors import AmbiguousError, ConnectorError, InputError, RefusedError, RetryError
from segue.core.ports import DEAD_ADDRESS
from segue.perception.mail.reports import is_dead

TIMEOUT_S = 20.0
LOGIN_AGAIN_S = 300.0
"""A login that fails is tried again so late: a wrong password locks accounts."""

_SYSTEM = 500
_UNITS_S = {"s": 1, "m": 60, "h": 3_600}
_WAIT = re.compile(r"\b(\d{1,4}) ?(s|m|h)(?:ec(?:ond)?s?|in(?:ute)?s?|ours?)?\b", re.IGNORECASE)


async def send(form: ServerForm, composed: Composed, raw: bytes, *, copy_to: str = "") -> str:
    """Hand a mail to the server, and return what it said when it took responsibility.

    Args:
        form: The server.
        composed: Sender and recipient of the envelope.
        raw: The mail, signed.
        copy_to: A second recipient, whose refusal counts for nothing.

    Raises:
        RefusedError: The server will never take it (5xx), with its code and words.
        RetryError: It certainly did not take it: no connection, or 4xx with the wait it asks for.
        AmbiguousError: The connection was lost after the mail had begun to go over.
    """
    client = await connected(form, composed.envelope_from.rpartition("@")[2])
    try:
        await _envelope(client, composed, copy_to)
        return await _data(client, raw)
    finally:
        await _leave(client)


async def connected(form: ServerForm, host: str) -> SMTP:
    """Connect, secure the connection and log in.

    Args:
        form: The server.
        host: What to call oneself.

    Raises:
        RetryError: The server cannot be reached or does not let us in.
    """
    context = None
    if form.security != "plain":
        context = ssl.create_default_context(cafile=form.ca_file or None)
    client = SMTP(
        hostname=form.host,
        port=form.port,
        use_tls=form.security == "tls",
        start_tls=form.security == "starttls",
        tls_context=context,
        local_hostname=host or "localhost",
        timeout=TIMEOUT_S,
    )
    try:
        await client.connect()
        await _log_in(client, form)
    except (SMTPException, OSError, ValueError, InputError) as error:
        client.close()
        raise _at_the_door(error, form) from error
    return client


def told(code: int, words: str) -> ConnectorError:
    """What an answer of the server means: 4xx is for now, 5xx for ever (RFC 5321, 4.2.1).

    >>> told(451, "4.7.1 Greylisted, try again in 5 minutes").retry_after_s
    300.0
    """
    said = f"{code} {' '.join(words.split())}"[:300]
    if code >= _SYSTEM:
        return RefusedError(said)
    return RetryError(said, _wait_s(words))


def _wait_s(words: str) -> float | None:
    found = _WAIT.search(words)
    return float(int(found[1]) * _UNITS_S[found[2].lower()]) if found else None


async def _log_in(client: SMTP, form: ServerForm) -> None:
    if form.token is not None:
        await client.auth_xoauth2(form.user, Secret(form.token).read())
    elif form.password is not None:
        await client.login(form.user, Secret(form.password).read())


async def _envelope(client: SMTP, composed: Composed, copy_to: str) -> None:
    options, encoding = ([], "ascii")
    if composed.needs_utf8:
        if not client.supports_extension("smtputf8"):
            raise RefusedError("the mail server takes no addresses with letters beyond ASCII (SMTPUTF8)")
        options, encoding = (["SMTPUTF8"], "utf-8")
    try:
        await client.mail(composed.envelope_from, options=options, encoding=encoding)
        await client.rcpt(composed.to, encoding=encoding)
    except SMTPRecipientRefused as error:
        refused = told(error.code, error.message)
        if isinstance(refused, RefusedError) and is_dead(str(refused)):
            raise RefusedError(f"{DEAD_ADDRESS}: {refused}") from error
        raise refused from error
    except SMTPResponseException as error:
        raise told(error.code, error.message) from error
    except (SMTPException, OSError) as error:
        raise RetryError(f"lost the mail server before the mail went over: {error}") from error
    if copy_to:
        await _also(client, copy_to)


async def _also(client: SMTP, copy_to: str) -> None:
    try:
        await client.rcpt(copy_to)
    except SMTPResponseException:
        return
    except (SMTPException, OSError) as error:
        raise RetryError(f"lost the mail server before the mail went over: {error}") from error


async def _data(client: SMTP, raw: bytes) -> str:
    try:
        response = await client.data(raw)
    except SMTPResponseException as error:
        raise told(error.code, error.message) from error
    except (SMTPException, OSError) as error:
        raise AmbiguousError(f"lost the mail server while the mail went over: {error}") from error
    return f"{response.code} {' '.join(response.message.split())}"[:300]


async def _leave(client: SMTP) -> None:
    """Say goodbye where there is still somebody; the mail's fate is decided already."""
    try:
        if client.is_connected:
            await client.quit(timeout=1.0)
    except (SMTPException, OSError):
        return
    finally:
        client.close()


def _at_the_door(error: Exception, form: ServerForm) -> RetryError:
    where = f"mail server `{form.host}:{form.port}`"
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return RetryError(f"{where} does not accept the login: {error.code} {error.message}", LOGIN_AGAIN_S)
    if isinstance(error, InputError):
        return RetryError(f"{where}: {error}", LOGIN_AGAIN_S)
    if isinstance(error, SMTPResponseException):
        return RetryError(f"{where}: {error.code} {error.message}", _wait_s(error.message))
    return RetryError(f"{where} cannot be reached: {type(error).__name__}: {error}")
