"""The reference names every key that an author may write."""

from pathlib import Path

import pytest

from segue.playbook import authored
from segue.playbook.authored import Authored

REFERENCE = (Path(__file__).parents[3] / "docs" / "playbook.md").read_text(encoding="utf-8")
FORMS = [form for form in vars(authored).values() if isinstance(form, type) and issubclass(form, Authored)]
PLAIN = {"doc", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_key_is_described(form: type[Authored]) -> None:
    missing = [key for key in form.model_fields if key not in PLAIN and key not in REFERENCE]

    assert missing == []
