"""`segue users`: who may sign in to the pages; works while the server runs."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segue.cli.output import DEFAULT_HOME, HomeOption, JsonOption, emit, told
from segue.core.errors import InputError
from segue.core.units import Instant, to_datetime

if TYPE_CHECKING:
    from segue.stores.doors import DoorsDb, User

app = typer.Typer(help="Who may sign in to the pages.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(help="The user's name, such as `anna` or `anna@acme.com`.")]
StdinOption = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from standard input, not from the terminal."),
]


@app.command()
def add(
    name: NameArgument,
    home: HomeOption = DEFAULT_HOME,
    role: Annotated[str, typer.Option(help="viewer, rep, operator or admin.")] = "viewer",
    owner: Annotated[
        str,
        typer.Option(help="Decide on drafts of this account executive's accounts alone (name or address)."),
    ] = "",
    password_stdin: StdinOption = False,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="Let a trusted proxy alone sign them in.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Add a user; the password is asked for on the terminal."""
    from segue.stores.doors import Users, spelt

    with told(as_json=as_json), _doors(home) as (db, now):
        spelt(name)
        password = None if no_password else _password(stdin=password_stdin)
        user = Users(db).add(name, role, password, now, owner)
        _show(user, f"added {user.name} as {user.role}", as_json=as_json)


@app.command(name="list")
def list_users(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """List the users."""
    from segue.stores.doors import Users

    with told(as_json=as_json), _doors(home) as (db, _):
        found = Users(db).all()
        if as_json:
            emit({"users": [_public(user) for user in found]})
            return
        for user in found:
            owner = f"  drafts of {user.owner}" if user.owner else ""
            proxy = "" if user.has_password else "  by proxy only"
            typer.echo(
                f"{user.name:24} {user.role:9} since {to_datetime(user.created_at):%Y-%m-%d}{owner}{proxy}"
            )
        if not found:
            typer.echo("no users; `segue users add NAME --role admin` makes one")


@app.command()
def password(
    name: NameArgument,
    home: HomeOption = DEFAULT_HOME,
    password_stdin: StdinOption = False,
    as_json: JsonOption = False,
) -> None:
    """Give a user a new password, and sign them out everywhere."""
    from segue.stores.doors import Sessions, Users

    with told(as_json=as_json), _doors(home) as (db, now):
        user = Users(db).set_password(name, _password(stdin=password_stdin), now)
        Sessions(db).end_all(user.name)
        _show(user, f"{user.name} has a new password and is signed out everywhere", as_json=as_json)


@app.command()
def remove(name: NameArgument, home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Remove a user, and sign them out everywhere."""
    from segue.stores.doors import Sessions, Users

    with told(as_json=as_json), _doors(home) as (db, _):
        user = Users(db).remove(name)
        Sessions(db).end_all(user.name)
        _show(user, f"removed {user.name}", as_json=as_json)


@contextmanager
def _doors(path: Path) -> Iterator[tuple["DoorsDb", Instant]]:
    """The database of a home's doors, and the time."""
    from segue.bootstrap import Home
    from segue.runtime.clock import SystemClock
    from segue.stores.doors import DoorsDb

    home = Home(path)
    home.master_key()
    db = DoorsDb(home.doors)
    try:
        yield db, SystemClock().now()
    finally:
        db.close()


def _password(*, stdin: bool) -> str:
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise InputError("there is no terminal to ask for a password on; give it with `--password-stdin`")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _public(user: "User") -> dict[str, object]:
    return {
        "name": user.name,
        "role": user.role,
        "owner": user.owner,
        "created_at": to_datetime(user.created_at).isoformat(),
        "changed_at": to_datetime(user.changed_at).isoformat(),
        "has_password": user.has_password,
    }


def _show(user: "User", sentence: str, *, as_json: bool) -> None:
    if as_json:
        emit({"user": _public(user)})
    else:
        typer.echo(sentence)
