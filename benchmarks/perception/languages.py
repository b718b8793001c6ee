"""Other languages: what is accepted of own messages in eight of them, and how often English is called one."""

import json
from pathlib import Path
from typing import Any

from benchmarks.perception.figures import percent
from segue.bootstrap.home import bundled
from segue.bootstrap.minds import perceiver_of
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.encoder import shipped_languages
from segue.perception.language import ENGLISH, spoken
from segue.perception.tokens import tokenise
from segue.playbook import load

OWN = Path(__file__).parent.parent / "data" / "other_languages.jsonl"
_BUILT_IN = frozenset({"opt_out", "out_of_office"})


def measure(folder: Path) -> dict[str, Any]:
    """Shares in per cent, by the default playbook with the encoder.

    Args:
        folder: Where the public sets of English are.
    """
    playbook = load(bundled("saas"))
    perceiver = perceiver_of(playbook)
    rows = [json.loads(line) for line in OWN.read_text(encoding="utf-8").splitlines()]
    read = [(row, perceiver.perceive(_message(row["text"]))) for row in rows]
    believed = {label for label, one in playbook.intents.items() if one["risk"] == "high"} | _BUILT_IN
    accepted = [
        row["text"]
        for row, percept in read
        if percept and any(intent.label not in believed for intent in percept.intents)
    ]
    wished = {"abstain": {"ask", "escalate"}, "escalate": {"escalate"}, "opt_out": {"accept", "escalate"}}
    reacted = [percept is not None and percept.decision in wished[row["decision"]] for row, percept in read]
    return {
        "languages_messages": len(rows),
        "languages_accepted_intents": percent(len(accepted) / len(rows)),
        "languages_decision_as_wished": percent(sum(reacted) / len(rows)),
        "languages_told_right": percent(
            sum(percept is not None and percept.language == row["language"] for row, percept in read)
            / len(rows)
        ),
        **{f"english_{name}_called_foreign": _called_foreign(texts) for name, texts in _english(folder)},
    }


def _english(folder: Path) -> list[tuple[str, list[str]]]:
    clinc = json.loads((folder / "intents" / "clinc150.json").read_text(encoding="utf-8"))
    lines = (folder / "emotion" / "goemotions" / "dev.tsv").read_text(encoding="utf-8").splitlines()
    return [
        ("clinc", [text for text, _ in clinc["test"]]),
        ("goemotions", [line.split("\t")[0] for line in lines if line]),
    ]


def _called_foreign(texts: list[str]) -> float:
    languages = shipped_languages()
    foreign = [text for text in texts if spoken(text, tokenise(text), languages) not in {ENGLISH, ""}]
    return percent(len(foreign) / len(texts))


def _message(text: str) -> Signal:
    at = Instant(0)
    body = {"text": text, "channel": "email"}
    return Signal("m", "bench", "m", Kind.MESSAGE_RECEIVED, (), at, at, body)
