"""Settings of the doors: `server.yaml` in the home, read once when the server opens it."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from segue.bootstrap.journal import Format, Level
from segue.playbook import read_form

_Origin = Annotated[str, Field(pattern=r"^https?://[a-z0-9.:\[\]-]+$")]
_Header = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]*$")]


class DoorSettings(BaseModel):
    """What an operator may say about the doors of one tenant.

    Attributes:
        hosts: Names the server answers to besides loopback, for example `segue.example.com`; `*` is any name.
        trusted_header: Name of a header in which a proxy tells who signed in; empty: nobody is believed.
        trusted_proxies: Addresses of proxies whose header is believed.
        log_level: Lines of the journal below it are left out: `debug`, `info`, `warning` or `error`.
        log_format: `json`, one object a line, or `console` for eyes.
        sites: Origins of websites that may show the chat widget, for example `https://www.example.com`.
        site_secret_version: Counts up when the secret a site signs its visitors with was lost.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    hosts: tuple[str, ...] = ()
    trusted_header: _Header = ""
    trusted_proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    log_level: Level = "info"
    log_format: Format = "json"
    sites: tuple[_Origin, ...] = ()
    site_secret_version: Annotated[int, Field(ge=1)] = 1


def read_door_settings(path: Path) -> DoorSettings:
    """Read the settings; a missing file leaves everything as it is by default.

    Raises:
        PlaybookErrors: The file is wrong; every error has its line and column.
    """
    return read_form(path, DoorSettings) if path.is_file() else DoorSettings()
