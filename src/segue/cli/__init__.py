"""The command line: `segue init, demo, serve, person, decisions, explain, approvals, replay, rebuild`."""


def main() -> None:
    """Run `segue`."""
    from segue.cli.commands import app

    app()
