"""How identifiers link people is written in `settings.yaml`; what is left out keeps the default."""

from pathlib import Path

import pytest

from segue.core.records.identity import IdentityRules
from segue.core.units import DAY
from tests.unit.playbook.building import FILES, a_directory, loaded, problems

AUTHORED = """\
identity:
  namespaces:
    user: {per_person: 1}
    email: {within: 7d}
    loyalty_card: {rank: 2, people: 3, claimed: nobody}
  blocked: ["email:qa-*@acme.io"]
  recycled: 90d
"""


def with_identity(text: str) -> dict[str, str | None]:
    return {**FILES, "settings.yaml": FILES["settings.yaml"] + text}


def test_a_playbook_that_says_nothing_has_the_defaults(tmp_path: Path) -> None:
    assert loaded(tmp_path).settings.identity == IdentityRules()


def test_what_is_written_changes_one_thing_and_leaves_the_rest(tmp_path: Path) -> None:
    rules = loaded(tmp_path, with_identity(AUTHORED)).settings.identity

    assert rules.of("user").is_unique
    assert (rules.of("email").per_person, rules.of("email").window) == (5, 7 * DAY)
    assert (rules.of("loyalty_card").rank, rules.of("loyalty_card").claimed) == (2, "nobody")
    assert rules.of("phone") == IdentityRules().of("phone")
    assert (rules.blocked, rules.recycled) == (("email:qa-*@acme.io",), 90 * DAY)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("identity: {namespaces: {Phone: {people: 2}}}\n", "`Phone` is no namespace; did you mean `phone`?"),
        ('identity: {blocked: ["email:*"]}\n', "`email:*` blocks too much; write it like"),
        ("identity: {namespaces: {phone: {persons: 2}}}\n", "unknown key `persons`"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    a_directory(tmp_path, with_identity(text))

    (problem,) = problems(tmp_path, with_identity(text))

    assert "`settings.yaml` line 8" in problem
    assert message in problem
