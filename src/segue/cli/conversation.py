"""A conversation on a terminal: whose it is, and a colleague's word on it."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from segue.bootstrap.conversations import Conversation
from segue.bootstrap.public import public
from segue.cli.output import emit
from segue.core.units import to_datetime

if TYPE_CHECKING:
    from segue.runtime.admission import Accepted


def show_conversation(found: Conversation, *, as_json: bool) -> None:
    """Print who holds a conversation."""
    if as_json:
        emit(public(found, ""))
        return
    typer.echo(f"the conversation is {found.owner}'s")
    for one in found.holders:
        until = f", until {to_datetime(one.until):%Y-%m-%d %H:%M}" if one.until else ""
        how = "claimed it" if one.claimed else "wrote in it"
        typer.echo(
            f"  {one.by} ({one.role or 'no role'}) {how} {to_datetime(one.since_at):%Y-%m-%d %H:%M}{until}"
        )
    if found.held_by:
        until = f" until {to_datetime(found.held_until):%Y-%m-%d %H:%M}" if found.held_until else ""
        typer.echo(f"  {found.held_by} holds the account{until}")


def say(
    home: Path, who: str, word: str, *, by: str, role: str, until: datetime | None, promise: dict[str, Any]
) -> "Accepted":
    """Say a word on a conversation in a home that no server runs."""
    return asyncio.run(_said(home, who, word, by=by, role=role, until=until, promise=promise))


async def _said(home: Path, who: str, word: str, **told: Any) -> "Accepted":  # noqa: ANN401 - as for `say`
    from segue.bootstrap import open_door

    async with open_door(home) as door:
        return await door.app.converse(who, word, **told)
