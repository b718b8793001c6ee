"""API keys on a terminal: make, list, revoke; they work beside a running server."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from segue.cli.output import DEFAULT_HOME, HomeOption, JsonOption, emit, told
from segue.core.errors import InputError
from segue.core.units import DAY, HOUR, Instant, to_datetime, to_instant

if TYPE_CHECKING:
    from rich.table import Table

    from segue.stores.doors import ApiKey, ApiKeys

keys = typer.Typer(name="keys", help="Make, list and revoke API keys.", no_args_is_help=True)

_SPAN = re.compile(r"([1-9][0-9]{0,4})([dh])")
_TENANT = re.compile(r"[a-z0-9-]{1,40}")


@keys.command("create")
def create(
    name: Annotated[str, typer.Option(help="What it is for.")],
    scope: Annotated[list[str], typer.Option(help="ingest, record, gate, read or act; may be given again.")],
    home: HomeOption = DEFAULT_HOME,
    expires: Annotated[str, typer.Option(help="When it ends: `90d`, `12h` or an ISO 8601 time.")] = "",
    tenant: Annotated[str, typer.Option(help="Tenant the key names; the home's own name if left out.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Make a key; it is shown this once."""
    with told(as_json=as_json), _keys_of(home) as known:
        now = _now()
        key, text = known.create(name, scope, tenant or _tenant_of(home), now, _expiry(expires, now))
        if as_json:
            emit({"key": text, **_public(key)})
        else:
            typer.echo(text)
            typer.echo(f"scopes {', '.join(key.scopes)}; keep it now, it is never shown again", err=True)


@keys.command("list")
def list_(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """List keys, with when each was last used."""
    with told(as_json=as_json), _keys_of(home) as known:
        found = known.all()
        if as_json:
            emit({"keys": [_public(key) for key in found]})
        else:
            from rich.console import Console

            Console().print(_table(found))


@keys.command("revoke")
def revoke(
    key: Annotated[str, typer.Argument(help="The id of a key, or how it begins.")],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """End a key; a running server refuses it within a second."""
    with told(as_json=as_json), _keys_of(home) as known:
        ended = known.revoke(key, _now())
        if as_json:
            emit(_public(ended))
        else:
            typer.echo(f"revoked {ended.prefix} ({ended.name})")


@contextmanager
def _keys_of(home: Path) -> Iterator["ApiKeys"]:
    from segue.bootstrap import Home
    from segue.stores.doors import ApiKeys, DoorsDb

    found = Home(home)
    master_key = found.master_key()
    db = DoorsDb(found.doors)
    try:
        yield ApiKeys(db, master_key)
    finally:
        db.close()


def _now() -> Instant:
    return to_instant(datetime.now(UTC))


def _tenant_of(home: Path) -> str:
    name = home.resolve().name.lower()
    return name if _TENANT.fullmatch(name) else "home"


def _expiry(text: str, now: Instant) -> Instant | None:
    if not text:
        return None
    span = _SPAN.fullmatch(text)
    if span is not None:
        return Instant(now + int(span[1]) * (DAY if span[2] == "d" else HOUR))
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            f"--expires: `{text}` is no time; write `90d`, `12h` or 2027-01-31T00:00Z"
        ) from error
    return to_instant(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _public(key: "ApiKey") -> dict[str, Any]:
    times = {name: getattr(key, name) for name in ("created_at", "expires_at", "last_used_at", "revoked_at")}
    shown = {name: None if at is None else to_datetime(at).isoformat() for name, at in times.items()}
    return {"id": key.id, "prefix": key.prefix, "name": key.name, "scopes": list(key.scopes), **shown}


def _table(found: "list[ApiKey]") -> "Table":
    from rich.table import Table

    table = Table(header_style="bold")
    for column in ("key", "name", "scopes", "expires", "last used", "state"):
        table.add_column(column, overflow="fold")
    now = _now()
    for key in found:
        state = "good" if key.opens(now) else ("revoked" if key.revoked_at is not None else "expired")
        table.add_row(
            *(f"{key.prefix}_…", key.name, " ".join(key.scopes)),
            *(_day(key.expires_at), _day(key.last_used_at), state),
        )
    return table


def _day(at: Instant | None) -> str:
    return "never" if at is None else f"{to_datetime(at):%Y-%m-%d %H:%M}"
