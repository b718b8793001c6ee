"""`segue connectors`: looks at the tools of a home."""

from dataclasses import asdict
from typing import Annotated

import typer

from segue.cli.output import DEFAULT_HOME, HomeOption, JsonOption, emit, told

app = typer.Typer(help="Look at the tools of a home.", no_args_is_help=True)


@app.command()
def check(
    name: Annotated[str, typer.Argument(help="The tool, such as email.")],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Check whether a tool works, and what others see of it; nothing is sent."""
    from segue.bootstrap.checking import check_connector

    with told(as_json=as_json):
        findings = check_connector(home, name)
        works = all(finding.status != "fail" for finding in findings)
        if as_json:
            emit({"connector": name, "works": works, "findings": [asdict(finding) for finding in findings]})
        for finding in () if as_json else findings:
            typer.echo(f"{finding.status:8}{finding.check:6} {finding.subject}: {finding.text}")
            if finding.hint:
                typer.echo(f"{'':14} {finding.hint}")
        raise typer.Exit(0 if works else 1)
