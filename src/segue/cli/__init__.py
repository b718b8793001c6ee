"""The command line: `segue init, demo, serve, person, decisions, explain, users` and the rest."""


def main() -> None:
    """Run `segue`."""
    from segue.cli.commands import app

    app()
