"""`segue chat`: what a website needs to show the chat."""

from typing import Annotated

import typer

from segue.cli.output import DEFAULT_HOME, HomeOption, JsonOption, emit, told

app = typer.Typer(name="chat", help="What a website needs to show the chat.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keep `secret` a command of its own."""


@app.command()
def secret(
    origin: Annotated[str, typer.Argument(help="The website, such as https://www.example.com.")],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Print the secret that a website's server signs its visitors with; keep it from browsers."""
    from pathlib import Path

    from segue.bootstrap import Home, read_home
    from segue.bootstrap.door_settings import read_door_settings
    from segue.core.errors import InputError
    from segue.privacy.vouching import site_secret

    with told(as_json=as_json), read_home(home) as readings:
        settings = read_door_settings(Home(Path(home)).door_settings)
        if origin not in settings.sites:
            known = ", ".join(settings.sites) or "none yet"
            raise InputError(f"`{origin}` is not among `sites` in server.yaml; there are {known}")
        found = site_secret(readings.ids, origin, settings.site_secret_version)
        if as_json:
            emit({"origin": origin, "version": settings.site_secret_version, "secret": found})
        else:
            typer.echo(found)
