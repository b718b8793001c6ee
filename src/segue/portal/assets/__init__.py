"""Assets: the files that pages of the portal load, and one way to read them."""

from importlib.resources import files


def asset(name: str) -> str:
    """The text of one file."""
    return files("segue.portal.assets").joinpath(name).read_text(encoding="utf-8")
