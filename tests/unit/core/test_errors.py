"""Errors: stable codes, and playbook errors that name their place and a way out."""

from segue.core import errors


def test_codes_are_unique() -> None:
    found = [errors.SegueError]
    for error in found:
        found.extend(error.__subclasses__())

    core = [error.code for error in found if error.__module__ == "segue.core.errors"]

    assert len(core) == len(set(core))


def test_a_playbook_error_names_file_line_and_suggestion() -> None:
    error = errors.PlaybookError(
        "unknown time zone `Europe/Pariss`",
        file="settings.yaml",
        line=12,
        hint="did you mean `Europe/Paris`?",
    )

    assert str(error) == (
        "`settings.yaml` line 12: unknown time zone `Europe/Pariss`; did you mean `Europe/Paris`?"
    )
