"""Checking the tools of a home: each says what works, what does not, and what to do."""

import asyncio
from pathlib import Path

from segue.bootstrap.connecting import read_connectors
from segue.bootstrap.home import Home
from segue.connectors.email.checking import Finding, check_email
from segue.connectors.email.dns import DnsResolver, Resolver
from segue.core.errors import MissingError
from segue.playbook import load

CHECKED = ("email",)
"""Tools that can be checked."""


def check_connector(path: str | Path, name: str, resolver: Resolver | None = None) -> list[Finding]:
    """Check one tool of a home; nothing is sent.

    Args:
        path: The home.
        name: The tool, one of `CHECKED`.
        resolver: Asks the DNS; the machine's own if not given.

    Raises:
        MissingError: There is no such home or tool, or it has no section in `connectors.yaml`.
        PlaybookErrors: `connectors.yaml` or the playbook is wrong.
    """
    home = Home(Path(path))
    home.master_key()
    if name not in CHECKED:
        raise MissingError(f"`{name[:60]}` cannot be checked; there are {', '.join(CHECKED)}")
    form = read_connectors(home).email
    if form is None:
        raise MissingError(f"`{home.connectors.name}` has no section `{name}`; see docs/email.md")
    senders = load(home.playbook).senders.values()
    addresses = [form.sender, *(sender.addresses.get("email", "") for sender in senders)]
    domains = {address.rpartition("@")[2].lower() for address in addresses if "@" in address}
    return asyncio.run(check_email(form, domains, resolver or DnsResolver()))
