"""What a message means, and how well intents are told apart, on a terminal."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from segue.bootstrap.given import channel_named
from segue.bootstrap.home import Home, bundled
from segue.bootstrap.minds import perceiver_of
from segue.bootstrap.perceiving import Message, Perceived, Perceiver
from segue.bootstrap.public import public
from segue.bootstrap.trying import try_intents
from segue.cli.output import DEFAULT_HOME, emit
from segue.core.errors import InputError, MissingError
from segue.core.records.playbook import Playbook
from segue.playbook import load

_EMOTIONS_SHOWN = 3


def show_percept(text: str, home: Path, channel: str, names: Sequence[str], *, as_json: bool) -> None:
    """Print what one message means; `-` reads it from standard input."""
    channel = channel_named(channel, "--channel")
    text = _piped() if text == "-" else text
    perceiver = Perceiver(perceiver_of(_playbook(home)), names)
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
    for line in _lines(found, text):
        console.print(f"  {escape(line)}")
    shown = sorted(found.emotions.items(), key=lambda item: -item[1])[:_EMOTIONS_SHOWN]
    if shown:
        console.print("  " + ", ".join(f"{name} {p:.2f}" for name, p in shown))
    if found.risk or found.language:
        console.print(f"  risk {', '.join(found.risk) or 'none'}; language {found.language or 'unknown'}")


def _lines(found: Perceived, text: str) -> Iterator[str]:
    for promise in found.promises:
        due = f", due {promise.due}" if promise.due else ""
        yield f"promise of the {promise.who}: {promise.what}{due}  {promise.words}"
    for one in found.told:
        yield f"told {one.kind} = {'no longer ' if one.ended else ''}{one.value}  {one.words}"
    for asked in found.questions:
        answer = f"answered by `{asked.answer}`" if asked.answer else "no approved answer"
        yield f"question, {answer} {asked.score:.2f}  {text[asked.start : asked.end]}"
    for named in found.entities:
        yield f"{named.kind} {named.value}  {text[named.start : named.end]}"
    if found.left_out:
        yield f"not read: {found.left_out:,} characters of its middle"
    if found.away_until:
        yield f"out of office until {found.away_until}"
    for span in found.pii:
        yield f"personal data: {span.kind}  {text[span.start : span.end]}"


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
    for name in ("preferences", "promises", "entities", "told", "pii"):
        told[name] = public(getattr(found, name), "EUR")
    return {**told, "model": found.record.model}


def _playbook(home: Path) -> Playbook:
    """The home's own playbook, or the bundled one where no home was named and none was made yet."""
    own = Home(home).playbook
    if not own.is_dir() and home != DEFAULT_HOME:
        hint = f"make one with `segue init --home {home}`, or leave `--home` out to use the bundled playbook"
        raise MissingError(f"there is no home with a playbook in `{home}`; {hint}")
    return load(own if own.is_dir() else bundled("saas"))


def _piped() -> str:
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        raise InputError(f"standard input: byte {error.start} is no UTF-8; convert it first") from error
