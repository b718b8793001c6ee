"""Importing consent and suppression lists: read twice, once to check every line and once to tell the app.

So a file with a bad line changes nothing, whatever its length, and memory stays small.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from segue.bootstrap.app import App
from segue.core.errors import InputError, MissingError
from segue.core.units import to_datetime
from segue.identity import normalise_all
from segue.privacy.importing import Entry, Rules, entry_of, header_of

BATCH = 1_000
TOLD_PROBLEMS = 50
_DELIMITERS = ",;\t|"

Moved = Callable[[str, int], None]
"""Told the phase and how many lines are done, every `BATCH` lines."""

Scope = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that cannot be kept."""

    line: int
    message: str


@dataclass(slots=True)
class ImportReport:
    """What a file holds, and what became of it.

    Attributes:
        lines: Lines with something in them, the header left out.
        bad: How many of them cannot be kept.
        problems: The first of these.
        granted: Lines that grant, by channel, brand and purpose (empty: all).
        withdrawn: Lines that withdraw, likewise.
        known: Lines that were imported before and change nothing, of those that were looked at.
        lost: How many good lines could not be kept, because something else came under their key before;
            they are among the problems.
        accepted: Lines the log has taken in.
    """

    lines: int = 0
    bad: int = 0
    problems: list[Problem] = field(default_factory=list)
    granted: Counter[Scope] = field(default_factory=Counter)
    withdrawn: Counter[Scope] = field(default_factory=Counter)
    known: int = 0
    lost: int = 0
    accepted: int = 0

    def add(self, entry: Entry) -> None:
        """Count a good line."""
        (self.granted if entry.state == "granted" else self.withdrawn)[entry.scope] += 1

    def wrong(self, problem: Problem) -> None:
        """Count a bad line."""
        self.bad += 1
        self._tell(problem)

    def lose(self, problem: Problem) -> None:
        """Count a good line that could not be kept."""
        self.lost += 1
        self._tell(problem)

    def _tell(self, problem: Problem) -> None:
        if len(self.problems) < TOLD_PROBLEMS:
            self.problems.append(problem)


def keep_quiet(_phase: str, _lines: int) -> None:
    """Tell nobody."""


async def import_consent(
    app: App,
    file: Path,
    *,
    dry_run: bool = False,
    skip_bad: bool = False,
    suppress: bool = False,
    moved: Moved = keep_quiet,
) -> ImportReport:
    """Import a list; importing it again changes nothing.

    Args:
        app: The running tenant.
        file: CSV in UTF-8, with a header; see `docs/consent.md`.
        dry_run: Check and count, and keep nothing.
        skip_bad: Keep the good lines of a file that has bad ones.
        suppress: The file names whom not to contact: channel and state may be left out.
        moved: Told how far it is.

    Returns:
        What was found. Nothing was kept where it has problems, unless `skip_bad`.

    Raises:
        MissingError: There is no such file.
        InputError: The header cannot be used.
        BusyError: The app takes nothing in now; begin again, what was kept stays.
    """
    rules = rules_of(app, suppress=suppress)
    report = ImportReport()
    for number, (line, found) in enumerate(_entries(file, rules), start=1):
        report.lines = number
        if isinstance(found, InputError):
            report.wrong(Problem(line, str(found)))
        else:
            report.add(found)
            report.known += dry_run and _is_known(app, found)
        if number % BATCH == 0:
            moved("checked", number)
    if not dry_run and (skip_bad or not report.bad):
        await _keep(app, file, rules, report, moved)
    return report


def rules_of(app: App, *, suppress: bool) -> Rules:
    """What the lines of a tenant's lists are checked against."""
    settings = app.playbook.settings

    def spelt(identifiers: Sequence[str]) -> tuple[str, ...]:
        return normalise_all(identifiers, settings.default_country or None)

    return Rules(spelt, settings.brands, to_datetime(app.clock.now()), suppress)


async def _keep(app: App, file: Path, rules: Rules, report: ImportReport, moved: Moved) -> None:
    batch: list[tuple[int, Entry]] = []
    done = 0
    for line, found in _entries(file, rules):
        if isinstance(found, Entry):
            batch.append((line, found))
        if len(batch) >= BATCH:
            await _tell(app, batch, report)
            done += len(batch)
            batch = []
            moved("kept", done)
    await _tell(app, batch, report)
    await app.settle()


async def _tell(app: App, batch: list[tuple[int, Entry]], report: ImportReport) -> None:
    receipts = await app.submit([entry.signal() for _, entry in batch])
    for (line, _), receipt in zip(batch, receipts, strict=True):
        report.accepted += receipt.state == "accepted"
        report.known += receipt.state == "duplicate"
        if receipt.error is not None:
            report.lose(Problem(line, f"was not kept: {receipt.error}"))


def _is_known(app: App, entry: Entry) -> bool:
    signal = entry.signal()
    with app.store.read() as reader:
        return reader.signal(app.ids.signal_id(signal.source, str(signal.source_id))) is not None


def _entries(file: Path, rules: Rules) -> Iterator[tuple[int, Entry | InputError]]:
    """Every line with something in it: its number, and what it says or what is wrong with it."""
    if not file.is_file():
        raise MissingError(f"no file `{file}`")
    with file.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
        first = lines.readline()
        delimiter = max(_DELIMITERS, key=first.count)
        names = next(csv.reader([first], delimiter=delimiter), [])
        try:
            header = header_of(names, suppress=rules.suppress)
        except InputError as error:
            raise InputError(f"`{file.name}` line 1: {error}") from error
        rows = csv.reader(lines, delimiter=delimiter)
        while True:
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield rows.line_num + 1, InputError(f"this is no CSV: {error}")
                continue
            if any(cell.strip() for cell in row):
                yield rows.line_num + 1, _entry(row, header, rules)


def _entry(row: Sequence[str], header: Sequence[str], rules: Rules) -> Entry | InputError:
    if len(row) > len(header):
        return InputError(f"has {len(row)} cells, and the header {len(header)} columns")
    try:
        return entry_of(dict(zip(header, row, strict=False)), rules)
    except InputError as error:
        return error
