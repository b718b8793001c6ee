"""DKIM (RFC 6376): a signature over headers and body, the unsubscribe headers among them (RFC 8058)."""

from functools import cached_property

import dkim  # type: ignore[import-untyped]

from segue.connectors.email.secret import Secret
from segue.connectors.email.settings import DkimForm
from segue.core.errors import InputError

_NEVER_SIGNED = frozenset({"return-path", "received", "comments", "keywords", "bcc", "resent-bcc"})
_OVERSIGNED = (b"from", b"to", b"subject", b"date")
"""Named once more than they stand there, so that nobody can add a second one."""


class Signer:
    """Signs mails with one key, read once.

    Args:
        form: Domain, selector and where the key stands.
    """

    def __init__(self, form: DkimForm) -> None:
        self._form = form

    @cached_property
    def _key(self) -> bytes:
        return Secret(self._form.key).read().encode()

    def sign(self, mail: bytes) -> bytes:
        """Put a signature in front of a mail.

        Raises:
            InputError: The key cannot be used.
        """
        head = mail.partition(b"\r\n\r\n")[0]
        names = [line.partition(b":")[0].lower() for line in head.split(b"\r\n") if line[:1] not in b" \t"]
        signed = [name for name in names if name.decode("ascii", "replace") not in _NEVER_SIGNED]
        try:
            signature: bytes = dkim.sign(
                mail,
                self._form.selector.encode(),
                self._form.domain.encode(),
                self._key,
                canonicalize=(b"relaxed", b"relaxed"),
                include_headers=[*signed, *_OVERSIGNED],
            )
        except (dkim.DKIMException, ValueError, TypeError) as error:
            raise InputError(f"cannot sign with the DKIM key of `{self._form.domain}`: {error}") from error
        return signature + mail
