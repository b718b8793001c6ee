"""The manifest of one half of a backup: written last, so that a half backup is recognised and refused."""

import os
from pathlib import Path
from typing import Literal

import msgspec

from segue.core.errors import IntegrityError, MissingError
from segue.stores.copying import digest_of, sync_directory

MANIFEST = "manifest.json"
FORMAT = 1


class Part(msgspec.Struct, frozen=True):
    """One file: its path below the directory, its size, its SHA-256."""

    name: str
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a directory of a backup holds.

    Attributes:
        kind: `log`: the encrypted log; `keys`: wrapped keys, tombstones and settings.
        backup: The same in both halves of one backup.
        made_at: ISO 8601.
        segue: Version of the code that made it.
        log_version: Version of the log's schema.
        position: Last position in the log.
        chain: Digest of the log's last link, in hexadecimal.
    """

    kind: Literal["log", "keys"]
    backup: str
    made_at: str
    segue: str
    log_version: int
    position: int
    chain: str
    files: tuple[Part, ...] = ()
    format: int = FORMAT


def parts_of(directory: Path) -> tuple[Part, ...]:
    """Every file below a directory but its manifest, by name."""
    paths = sorted(path for path in directory.rglob("*") if path.is_file())
    return tuple(
        Part(name, path.stat().st_size, digest_of(path))
        for path in paths
        if (name := path.relative_to(directory).as_posix()) != MANIFEST
    )


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Write the manifest at once and for good; the directory is a backup from here on."""
    for folder in (*(path for path in directory.rglob("*") if path.is_dir()), directory):
        sync_directory(folder)
    written = directory / f"{MANIFEST}.new"
    with written.open("xb") as stream:
        stream.write(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    written.rename(directory / MANIFEST)
    sync_directory(directory)


def read_manifest(directory: Path, kind: str) -> Manifest:
    """Read a manifest and compare every file with it.

    Raises:
        MissingError: This is no backup, or one that did not come to its end.
        IntegrityError: It is the other half, of a newer version, or a file is not what it was.
    """
    path = directory / MANIFEST
    if not path.is_file():
        why = "it is a half backup, or none" if directory.is_dir() else "there is no such directory"
        raise MissingError(f"`{directory}` has no `{MANIFEST}`: {why}; take another backup")
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise IntegrityError(f"`{path}` is damaged or of a newer version of segue: {error}") from error
    if manifest.format != FORMAT:
        raise IntegrityError(f"`{path}` has format {manifest.format}; this version of segue reads {FORMAT}")
    if manifest.kind != kind:
        raise IntegrityError(f"`{directory}` holds the {manifest.kind}, not the {kind}; swap the two")
    _compare(directory, manifest)
    return manifest


def _compare(directory: Path, manifest: Manifest) -> None:
    for part in manifest.files:
        path = directory / part.name
        if not path.resolve().is_relative_to(directory.resolve()):
            raise IntegrityError(f"`{part.name}` in the manifest of `{directory}` lies outside of it")
        if not path.is_file():
            raise IntegrityError(f"`{path}` is gone from the backup")
        if path.stat().st_size != part.bytes or digest_of(path) != part.sha256:
            raise IntegrityError(f"`{path}` is not what was backed up: its hash differs")
