"""Importing consent on the command line: a line that was not kept is no success."""

import pytest

from segue.bootstrap.consent_import import ImportReport, Problem
from segue.cli.consent import _code


@pytest.mark.parametrize(
    ("wrong", "lost", "skip_bad", "code"),
    [(0, 0, False, 0), (1, 0, False, 2), (1, 0, True, 0), (0, 1, False, 6), (1, 1, True, 6)],
)
def test_the_exit_code_tells_whether_all_was_kept(wrong: int, lost: int, skip_bad: bool, code: int) -> None:  # noqa: FBT001 - a case of a table
    report = ImportReport()
    for _ in range(wrong):
        report.wrong(Problem(2, "is bad"))
    for _ in range(lost):
        report.lose(Problem(3, "was not kept"))

    assert _code(report, skip_bad=skip_bad) == code
    assert len(report.problems) == wrong + lost
