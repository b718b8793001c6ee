"""What a message means, and how well intents are told apart, on a terminal."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from segue.bootstrap.home import Home, bundled
from segue.bootstrap.minds import perceiver_of
from segue.bootstrap.perceiving import Message, Perceived, Perceiver
from segue.bootstrap.public import public
from segue.bootstrap.trying import try_intents
from segue.cli.output import emit
from segue.core.records.playbook import Playbook
from segue.playbook import load

_EMOTIONS_SHOWN = 3


def show_percept(text: str, home: Path, channel: str, *, as_json: bool) -> None:
    """Print what one message means."""
    perceiver = Perceiver(perceiver_of(_playbook(home)))
    found = perceiver.perceive([Message(text, channel=channel)])[0]
    if as_json:
        emit(_told(found))
        return
    console = Console()
    console.print(
        f"[bold]{found.decision}[/]  {found.mood} {found.mood_p:.2f}, sentiment {found.sentiment:+.2f}"
    )
    for intent in found.intents:
        because = f"  [dim]like `{escape(intent.nearest)}`[/]" if intent.nearest else ""
        console.print(f"  {intent.label} {intent.p:.2f}  {escape(text[intent.start : intent.end])}{because}")
    for wish in found.preferences:
        console.print(f"  wish {wish.kind} = {escape(str(wish.value))}  {escape(wish.words)}")
    for one in found.record.told:
        ended = "no longer " if one.ended else ""
        console.print(f"  told {one.kind} = {ended}{escape(str(one.value))}  {escape(one.words)}")
    shown = sorted(found.emotions.items(), key=lambda item: -item[1])[:_EMOTIONS_SHOWN]
    if shown:
        console.print("  " + ", ".join(f"{name} {p:.2f}" for name, p in shown))
    if found.risk or found.language:
        console.print(f"  risk {', '.join(found.risk) or 'none'}; language {found.language or 'unknown'}")


def show_test(home: Path, *, as_json: bool) -> None:
    """Print how well the intents of a playbook are told apart."""
    trial = try_intents(_playbook(home).intents)
    if as_json:
        emit(asdict(trial))
        return
    console = Console()
    console.print(
        f"{trial.intents} intents, {trial.examples} examples: "
        f"[bold]{trial.accuracy:.1%}[/] found by the others; "
        f"{trial.accepted:.1%} accepted, of those {trial.accuracy_of_accepted:.1%} right; "
        f"calibration error {trial.ece:.1%}"
    )
    for pair in trial.confused:
        console.print(f"  {pair.intent} taken for {pair.taken_for}: {escape('; '.join(pair.examples))}")


def _told(found: Perceived) -> dict[str, Any]:
    told = {name: value for name, value in asdict(found).items() if name != "record"}
    told["preferences"] = public(found.preferences, "EUR")
    told["pii"] = public(found.pii, "EUR")
    told["told"] = public(found.record.told, "EUR")
    return {**told, "model": found.record.model}


def _playbook(home: Path) -> Playbook:
    """The home's own playbook, or the bundled one where no home was made yet."""
    own = Home(home).playbook
    return load(own if own.is_dir() else bundled("saas"))
