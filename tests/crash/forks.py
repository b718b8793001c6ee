"""A fork server: work runs in a child of its own, which may end at any point and is heard until then."""

import json
import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

CRASHED = 77
"""Exit status of a child that ended itself as if its power had gone."""

Say = Callable[..., None]
"""Writes one line to the parent, at once: words and values that JSON has."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A child that has ended: its exit status, and the lines it said."""

    status: int
    lines: tuple[list[Any], ...]

    def said(self, word: str) -> list[Any]:
        """List what followed this word, line by line."""
        return [line[1] for line in self.lines if line[0] == word]


def crash() -> NoReturn:
    """End this process now: no `finally`, no flush, no closing of files."""
    os._exit(CRASHED)


def forked(work: Callable[[Say], None]) -> Ended:
    """Run work in a child that shares everything imported and loaded so far.

    Raises:
        AssertionError: The work failed by an error of its own.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _run(work, lambda *words: _write(writing, words))
    os.close(writing)
    with os.fdopen(reading) as stream:
        lines = tuple(json.loads(line) for line in stream)
    _, status = os.waitpid(child, 0)
    ended = Ended(os.waitstatus_to_exitcode(status), lines)
    assert ended.status in {0, CRASHED}, "".join(ended.said("error"))
    return ended


def _run(work: Callable[[Say], None], say: Say) -> NoReturn:
    status = 1
    try:
        work(say)
        status = 0
    except BaseException:  # noqa: BLE001 - whatever it is, the parent tells it
        say("error", traceback.format_exc())
    finally:
        os._exit(status)


def _write(pipe: int, words: tuple[Any, ...]) -> None:
    left = json.dumps(words).encode() + b"\n"
    while left:
        left = left[os.write(pipe, left) :]
