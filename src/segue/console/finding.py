"""Finding a page by what somebody knows: an e-mail address, a phone number, any identifier, or an id."""

import re

from segue.bootstrap import App
from segue.core.errors import SegueError
from segue.core.ports import Reader

_ID = re.compile(r"[0-9a-v]{26}")
_PHONE = re.compile(r"\+?[\d\s().\-/]{6,30}")
_LONGEST = 500


def find(app: App, reader: Reader, asked: str) -> str:
    """The path of the page that is meant, or empty.

    Args:
        app: Spells identifiers.
        reader: Read from.
        asked: What was typed.
    """
    asked = asked.strip()
    if not asked or len(asked) > _LONGEST:
        return ""
    if _ID.fullmatch(asked.lower()):
        return _by_id(reader, asked.lower())
    return _by_identifier(app, reader, _spelt(asked))


def _spelt(asked: str) -> str:
    """An identifier with its namespace, guessed where it is plain.

    >>> _spelt("ann@x.io"), _spelt("+49 171 1234567"), _spelt("crm:7")
    ('email:ann@x.io', 'phone:+49 171 1234567', 'crm:7')
    """
    if ":" in asked:
        return asked
    if "@" in asked:
        return f"email:{asked}"
    return f"phone:{asked}" if _PHONE.fullmatch(asked) else asked


def _by_id(reader: Reader, name: str) -> str:
    if name in reader.overview.people([name]):
        return f"/people/{name}"
    if reader.decision_ids(name, 1):
        return f"/decisions/{name}"
    if reader.overview.approval(name):
        return f"/approvals/{name}"
    if reader.overview.account(name):
        return f"/accounts/{name}"
    return f"/signals/{name}" if reader.signal(name) else ""


def _by_identifier(app: App, reader: Reader, identifier: str) -> str:
    if ":" not in identifier:
        return ""
    try:
        return f"/people/{app.person_id(identifier)}"
    except SegueError:
        pass
    try:
        spelt = app.spell([identifier])
    except SegueError:
        return ""
    keys = [app.ids.identifier_hash(name) for name in spelt]
    account = next(iter(reader.known_accounts(keys).values()), None)
    return f"/accounts/{account.account_id}" if account else ""
