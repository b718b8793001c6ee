"""A playbook's own tests: policies and plays tried on the facts their authors gave."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segue.core.errors import PlaybookError
from segue.core.expr import Value, matches_permitting, matches_restricting
from segue.core.records.playbook import Play, Playbook, Policy
from segue.playbook.authored import PlayEntry, PolicyEntry
from segue.playbook.given import to_value
from segue.playbook.loading import load_written
from segue.playbook.problems import PlaybookErrors, nearest
from segue.playbook.sections import Entry

Lookup = Callable[[str], Value | None]


@dataclass(frozen=True, slots=True)
class TestResult:
    """What one test of a play or policy expected and found.

    Attributes:
        subject: `policy NAME` or `play NAME`.
        line: Line of the file on which the test begins.
        found: What came out, in the words of `expected`.
    """

    __test__ = False  # not a test class of ours

    subject: str
    file: str
    line: int
    expected: str
    found: str

    @property
    def passed(self) -> bool:
        """Whether the two are the same."""
        return self.expected == self.found


def run_tests(directory: Path) -> tuple[TestResult, ...]:
    """Run every test that stands beside a play or policy.

    Raises:
        PlaybookErrors: The playbook does not load, or a test gives a fact that does not exist or fit.
    """
    playbook, written = load_written(directory)
    problems: list[PlaybookError] = []
    results = [
        result
        for entry, policy in zip(written.policies.entries, playbook.policies, strict=True)
        for result in _policy(entry, policy, playbook, problems)
    ]
    for play in written.plays.entries:
        results += _play(play, playbook.plays[play.name], playbook, problems)
    if problems:
        raise PlaybookErrors(problems)
    return tuple(results)


def _policy(
    entry: Entry[PolicyEntry], policy: Policy, playbook: Playbook, problems: list[PlaybookError]
) -> Iterator[TestResult]:
    matches = matches_permitting if policy.then == "transform" else matches_restricting
    for index, test in enumerate(entry.form.tests):
        given = _given(entry, ("tests", index, "given"), test.given, playbook, problems)
        found = policy.then if matches(policy.when(given)) else "allow"
        yield _result(entry, f"policy {policy.name}", index, test.expect, found)


def _play(
    entry: Entry[PlayEntry], play: Play, playbook: Playbook, problems: list[PlaybookError]
) -> Iterator[TestResult]:
    for index, test in enumerate(entry.form.tests):
        given = _given(entry, ("tests", index, "given"), test.given, playbook, problems)
        if test.audience is not None:
            expected, found = (
                "in the audience" if inside else "outside the audience"
                for inside in (test.audience, matches_permitting(play.audience(given)))
            )
            yield _result(entry, f"play {play.name}", index, expected, found)
        if test.state is not None:
            held = [state for state in play.states if matches_permitting(state.when(given))]
            found = (held or play.states[:1])[-1].name
            yield _result(entry, f"play {play.name}", index, f"state {test.state}", f"state {found}")


def _given(
    entry: Entry[Any],
    path: tuple[str | int, ...],
    written: Mapping[str, Any],
    playbook: Playbook,
    problems: list[PlaybookError],
) -> Lookup:
    values: dict[str, Value] = {}
    for name, value in written.items():
        decl = playbook.schema.facts.get(name)
        if decl is None:
            hint = nearest(name, playbook.schema.facts)
            problems.append(entry.error((*path, name), f"unknown fact `{name}`", hint, at_key=True))
            continue
        try:
            values[name] = to_value(decl.type, value, playbook.settings.rates)
        except ValueError as error:
            message, _, hint = str(error).partition("; ")
            problems.append(entry.error((*path, name), f"fact `{name}`: {message}", hint or None))
    return values.get


def _result(entry: Entry[Any], subject: str, index: int, expected: str, found: str) -> TestResult:
    place = entry.document.place((*entry.path, "tests", index))
    return TestResult(subject, entry.document.file, place.line, expected, found)
