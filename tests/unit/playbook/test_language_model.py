"""`llm` in the settings: what the page shows can be written, and what would leak or cost unawares cannot."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from segue.playbook import PlaybookErrors
from tests.unit.playbook.building import FILES, loaded

PAGE = (Path(__file__).parents[3] / "docs" / "language-model.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
WHOLE: dict[str, Any] = {
    "enabled": True,
    "url": "http://localhost:11434/v1",
    "model": "small",
    "per_decision": {"tokens": 9_000, "money": "EUR 0.02"},
    "per_day": {"tokens": 90_000, "money": "EUR 2"},
}


def settings(**more: Any) -> dict[str, str | None]:
    return {"settings.yaml": FILES["settings.yaml"] + yaml.safe_dump({"llm": WHOLE | more})}


@pytest.mark.parametrize("shown", SHOWN, ids=["local", "openai"])
def test_what_the_page_shows_can_be_written(tmp_path: Path, shown: str) -> None:
    model = loaded(tmp_path, {"settings.yaml": FILES["settings.yaml"] + shown}).settings.llm

    assert model is not None
    assert model.timeout_s == 5
    assert model.decision_tokens == 10_000
    assert model.day_micro == 500 * 1_000_000


def test_money_is_in_micro_units_and_prices_are_of_a_million_tokens(tmp_path: Path) -> None:
    model = loaded(tmp_path, settings(price={"input": "USD 0.10", "output": "EUR 0.60"})).settings.llm

    assert model is not None
    assert (model.input_micro, model.output_micro) == (9_000_000, 60_000_000)


def test_it_is_off_unless_it_is_switched_on(tmp_path: Path) -> None:
    assert loaded(tmp_path, settings(enabled=False)).settings.llm is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "https://ann:secret@llm.example/v1"},
        {"url": "ftp://llm.example"},
        {"key": "sk-a-secret-as-it-is"},
        {"timeout": "60s"},
        {"reads": []},
        {"reads": ["everything"]},
        {"temperature": 1},
        {"url": "https://llm.example/v1"},
        {"per_day": {"tokens": 1}},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(PlaybookErrors, match=r"settings\.yaml"):
        loaded(tmp_path, settings(**wrong))


@pytest.mark.parametrize("host", ["localhost", "10.1.2.3", "[::1]", "gpu", "gpu.internal"])
def test_a_model_of_ones_own_needs_no_price(tmp_path: Path, host: str) -> None:
    assert loaded(tmp_path, settings(url=f"http://{host}:8000/v1")).settings.llm is not None
