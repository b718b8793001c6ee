"""Secrets by reference: `env:NAME` or `file:PATH`, read when they are needed and never shown."""

import os
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from segue.core.errors import InputError

_FORMS = ("env:", "file:")


class Secret:
    """Where a secret stands; reading it again picks up a renewed one.

    Args:
        reference: `env:NAME` or `file:PATH`.
    """

    __slots__ = ("_reference",)

    def __init__(self, reference: str) -> None:
        self._reference = reference

    def read(self) -> str:
        """The secret, without the line break at its end.

        Raises:
            InputError: There is none; the message names the reference, which is no secret.
        """
        form, _, place = self._reference.partition(":")
        try:
            value = os.environ[place] if form == "env" else Path(place).read_text(encoding="utf-8")
        except KeyError as error:
            raise InputError(f"there is no variable `{place}` in the environment") from error
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"cannot read the secret in `{place}`: {type(error).__name__}") from error
        if not value.strip():
            raise InputError(f"the secret at `{self._reference}` is empty")
        return value.rstrip("\r\n")

    def __repr__(self) -> str:
        return f"Secret({self._reference!r})"


def _referred(text: str) -> str:
    if not text.startswith(_FORMS) or not text.partition(":")[2]:
        # The text itself may be the secret, so the message does not repeat it.
        raise ValueError("a secret is written as `env:NAME` or `file:PATH`, never as it is")
    return text


SecretRef = Annotated[str, AfterValidator(_referred)]
"""A reference in a settings file; `Secret` reads it."""
