"""Paths inside the console: where a form may lead back to, and nowhere else."""

from urllib.parse import urlsplit

_LONGEST = 2_000


def own_path(text: str, root: str = "") -> str:
    r"""A path of this console that may be gone to, or its first page for anything else.

    Args:
        text: What a form or a query names; anything.
        root: Path all pages begin with, without a slash at the end.

    >>> own_path("/people/p1?as_of=2026-10-05"), own_path("//evil.example/"), own_path("/\\evil.example")
    ('/people/p1?as_of=2026-10-05', '/', '/')
    """
    home = f"{root}/"
    if not text.startswith(home) or text.startswith("//") or len(text) > _LONGEST:
        return home
    if "\\" in text or not text.isascii() or any(not char.isprintable() or char == " " for char in text):
        return home
    try:
        parts = urlsplit(text)
    except ValueError:
        return home
    if parts.scheme or parts.netloc or "//" in parts.path or "/.." in parts.path:
        return home
    return text
