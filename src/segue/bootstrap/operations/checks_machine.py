"""Checks of the machine: zone data, room and speed of the disk, and the clock."""

import os
import shutil
import tempfile
import zoneinfo
from importlib.metadata import version
from pathlib import Path

from segue.bootstrap.home import Home
from segue.bootstrap.operations.findings import Finding
from segue.core.errors import MissingError, StorageError
from segue.core.ports import Clock
from segue.core.units import DAY, MINUTE, SECOND, Instant, to_datetime
from segue.runtime.tenant import newest_stamp
from segue.stores import SqliteStore

_LITTLE, _TOO_LITTLE = 2 << 30, 256 << 20
_MILLISECOND = SECOND // 1_000
_SLOW = 50 * _MILLISECOND
_PROBES = 5
_PROBE = bytes(4096)
_FIRST_YEAR, _LAST_YEAR = 2025, 2100


def zones() -> list[Finding]:
    """Zones come from the pinned package alone, so that every machine decides the same."""
    if zoneinfo.TZPATH:
        said = f"zones are read from {', '.join(zoneinfo.TZPATH)}"
        return [Finding("zones", "fail", said, "unset PYTHONTZPATH; `tzdata` must be the only source")]
    zoneinfo.ZoneInfo("Europe/Berlin")
    return [Finding("zones", "ok", f"tzdata {version('tzdata')} alone; system zone files are not used")]


def disk(home: Path, clock: Clock) -> list[Finding]:
    """There is room, and a write reaches the disk fast enough."""
    free = shutil.disk_usage(home).free
    said = f"{free / (1 << 30):,.1f} GiB free"
    hint = "make room: a full disk stops acceptance, nothing acknowledged is lost"
    room = (
        Finding("disk", "fail", said, hint)
        if free < _TOO_LITTLE
        else Finding("disk", "warn", said, hint)
        if free < _LITTLE
        else Finding("disk", "ok", said)
    )
    took = _fsync_time(home, clock)
    told = f"a write reaches the disk in {took / _MILLISECOND:.1f} ms (middle of {_PROBES})"
    slow = Finding("fsync", "warn", told, "every group commit waits for it; move the home to a faster disk")
    return [room, Finding("fsync", "ok", told) if took < _SLOW else slow]


def clock(home: Home, system: Clock) -> list[Finding]:
    """The clock is neither absurd nor behind what the log knows."""
    now = system.now()
    year = to_datetime(now).year
    shown = to_datetime(now).isoformat(timespec="seconds")
    if not _FIRST_YEAR <= year < _LAST_YEAR:
        return [Finding("clock", "fail", f"the clock says {shown}", "set it, and keep it by NTP")]
    newest = _newest(home)
    if newest > now + MINUTE:
        ahead = (newest - now) / DAY
        said = f"the log is {ahead:.1f} days ahead of the clock, which says {shown}"
        hint = "right for a home that holds the demo; else set the clock: time waits for it in this home"
        return [Finding("clock", "warn", said, hint)]
    return [Finding("clock", "ok", f"{shown}, not behind the log")]


def _newest(home: Home) -> Instant:
    try:
        store = SqliteStore.open_read_only(home.path, master_key=home.master_key())
    except MissingError:
        return Instant(0)  # It never ran.
    try:
        return newest_stamp(store)
    finally:
        store.close()


def _fsync_time(home: Path, clock: Clock) -> int:
    """Microseconds, the middle of several."""
    try:
        with tempfile.NamedTemporaryFile(dir=home, prefix=".doctor-") as file:
            times = []
            for _ in range(_PROBES):
                began = clock.now()
                file.write(_PROBE)
                file.flush()
                os.fsync(file.fileno())
                times.append(clock.now() - began)
    except OSError as error:
        raise StorageError(f"the home cannot be written to: {error.strerror}") from error
    return max(0, sorted(times)[_PROBES // 2])
