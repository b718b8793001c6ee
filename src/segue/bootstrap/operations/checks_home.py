"""Checks of the home: lock, permissions, versions, log, playbook and connectors."""

import stat
from collections.abc import Mapping
from pathlib import Path

from segue.bootstrap.connecting import read_connectors
from segue.bootstrap.engine import installed_version
from segue.bootstrap.home import Home
from segue.bootstrap.operations.findings import Finding
from segue.bootstrap.operations.places import SAFETY
from segue.bootstrap.outbound import outbound_of
from segue.core.errors import MissingError
from segue.playbook import PlaybookErrors, load, run_tests
from segue.stores import MASTER_KEY_FILE, SqliteStore, holder_of
from segue.stores.copying import is_whole
from segue.stores.db import Db
from segue.stores.projections import are_current, log_version
from segue.stores.store import DATABASE, KEY_FILE
from segue.stores.version import LOG_VERSION

NEWEST_LINKS = 2_000
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_SHOWN = 3


def lock(home: Path) -> list[Finding]:
    """Who runs the home."""
    pid = holder_of(home)
    return [Finding("lock", "ok", "nobody runs it" if pid is None else f"process {pid} runs it")]


def permissions(home: Path) -> list[Finding]:
    """Keys are for their owner only, by themselves or because the directory is."""
    if not home.stat().st_mode & _OTHERS:
        return [Finding("permissions", "ok", "the home is for its owner only")]
    open_keys = [name for name in (MASTER_KEY_FILE, KEY_FILE) if _is_open(home / name)]
    if open_keys:
        hint = f"run `chmod 700 {home}` and `chmod 600` on them"
        return [Finding("permissions", "fail", f"others may read {' and '.join(open_keys)}", hint)]
    return [Finding("permissions", "warn", "others may look into the home", f"run `chmod 700 {home}`")]


def version(home: Home) -> list[Finding]:
    """The log is of the version that this code reads and writes."""
    code = f"segue {installed_version() or 'from a directory'}, log version {LOG_VERSION}"
    if not (home.path / DATABASE).is_file():
        return [Finding("version", "ok", f"{code}; the home never ran")]
    db = Db(home.path / DATABASE, read_only=True)
    try:
        written, current = log_version(db), are_current(db)
    finally:
        db.close()
    if written > LOG_VERSION:
        hint = "install the newer version, or roll the home back with it"
        return [Finding("version", "fail", f"{code}, but the home is of version {written}", hint)]
    if written < LOG_VERSION:
        return [
            Finding("version", "fail", f"{code}, but the home is of version {written}", "`segue upgrade`")
        ]
    if not current:
        return [Finding("version", "warn", f"{code}; the tables are of another version", "`segue upgrade`")]
    kept = f"; a copy of the log before the last upgrade is in `{SAFETY}`" if _has_copy(home) else ""
    return [Finding("version", "ok", f"{code}, as the home{kept}")]


def log(home: Home) -> list[Finding]:
    """The keys open with the master key, and the newest links of the chain hold."""
    try:
        store = SqliteStore.open_read_only(home.path, master_key=home.master_key())
    except MissingError:
        return [Finding("log", "ok", "there is none yet; it is made when Segue first runs")]
    try:
        with store.read() as reader:
            reader.verify_chain(NEWEST_LINKS)
            position = reader.position()
            letters = len(reader.dead_letters())
    finally:
        store.close()
    said = f"{position:,} events; the newest {NEWEST_LINKS:,} links of the chain hold"
    found = [Finding("log", "ok", said)]
    if letters:
        found.append(
            Finding("dead letters", "warn", f"{letters} signals were laid aside", "look at each of them")
        )
    return found


def books(home: Home) -> list[Finding]:
    """The databases of doors and tools open, and hold together."""
    found = []
    for path in home.books:
        wrong = is_whole(path)
        if wrong:
            hint = "put it back from the newest backup, and stop what runs the home first"
            found.append(Finding(path.name, "fail", f"`{path.name}` is damaged: {wrong}", hint))
    if not found:
        names = ", ".join(path.name for path in home.books) or "none was made yet"
        found.append(Finding("books", "ok", f"databases of doors and tools are whole: {names}"))
    return found


def playbook(home: Home) -> list[Finding]:
    """It loads, and its own tests pass."""
    try:
        loaded, results = load(home.playbook), run_tests(home.playbook)
    except PlaybookErrors as errors:
        said = str(errors).splitlines()
        more = f" (and {len(said) - _SHOWN} more)" if len(said) > _SHOWN else ""
        return [
            Finding("playbook", "fail", "; ".join(said[:_SHOWN]) + more, "a running server keeps the old one")
        ]
    failed = [result for result in results if not result.passed]
    if failed:
        first = failed[0]
        where = f"{first.subject} in `{first.file}` line {first.line}"
        told = f"{len(failed)} of its tests fail: {where} expects {first.expected}, found {first.found}"
        return [Finding("playbook", "fail", told, "mend rule or test")]
    said_ok = f"{loaded.hash[:8]} loads; {len(loaded.plays)} plays, {len(results)} tests pass"
    return [Finding("playbook", "ok", said_ok)]


def connectors(home: Home, environment: Mapping[str, str]) -> list[Finding]:
    """Where data goes to, and what class of data."""
    found = [
        Finding("outbound", "ok", f"{way.connector} sends {', '.join(way.data)} to {way.host}")
        for way in outbound_of(home, environment)
    ]
    acts = "what has no section of its own in `connectors.yaml` is" if home.connectors.is_file() else "all is"
    if read_connectors(home).sandbox:
        there = "its book is there" if home.sandbox.is_file() else "it has no book yet"
        found.insert(0, Finding("connectors", "ok", f"{acts} the sandbox company's; {there}"))
    else:
        found.insert(0, Finding("connectors", "ok", "tools are those of `connectors.yaml`, and no others"))
    if len(found) == 1:
        found.append(Finding("outbound", "ok", "no tool sends data off this machine"))
    return found


def _is_open(path: Path) -> bool:
    return path.is_file() and bool(path.stat().st_mode & _OTHERS)


def _has_copy(home: Home) -> bool:
    return (home.path / SAFETY).is_dir()
