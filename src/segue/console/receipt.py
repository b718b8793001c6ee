"""The decision receipt: everything there is to tell of one decision, in the order in which it came about."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from segue.console.meaning import percept_of
from segue.console.phrases import STAGES, badge, gate_item, headline, told
from segue.console.settings import PageSettings
from segue.console.veil import Masked, Veil
from segue.console.who import Names, Who
from segue.console.wording import money, plain, share, value, words
from segue.core.ports import Reader, Receipt
from segue.core.records.decisions import Considered, FactUsed, Match
from segue.core.records.effects import Effect
from segue.core.records.heard import carried
from segue.core.records.memory import Message
from segue.core.records.percepts import Percept
from segue.core.records.reading import READ_AGAIN
from segue.core.records.signals import Signal
from segue.graph.derived import PRIVATE
from segue.perception import without_private
from segue.planner.telling import TELL

_NO_UNITS = PageSettings()
_WORDS = frozenset({"text", "turns", "heard"})
_ITEMS = ("value", "cost", "attention", "risk", "waiting")


@dataclass(frozen=True, slots=True)
class Heard:
    """A signal as a page shows it: words apart from its other fields, and what it was derived from."""

    signal: Signal
    told: str
    source_id: str
    identifiers: tuple[str, ...]
    text: str
    turns: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str], ...]
    trigger: Signal | None


@dataclass(frozen=True, slots=True)
class Used:
    """A fact with its value in words, and the signal it came from."""

    name: str
    value: str
    known: bool
    origin: Signal | None
    here: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A candidate: how far it came, why, and its score item by item."""

    item: Considered
    name: str
    stage: str
    chosen: bool
    items: tuple[tuple[str, str], ...]
    total: str
    assumed: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What was written: the words, and the other arguments beside them."""

    subject: str
    text: str
    to: str
    sender: str
    channel: str
    others: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """A message that was recalled before the step, by its id."""

    message: Message
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A receipt ready to be shown; `receipt` holds what needs no words."""

    receipt: Receipt
    who: Who
    veil: Veil
    headline: str
    badge: tuple[str, str]
    worth: str
    heard: Heard
    percept: Percept | None
    recalled: tuple[Earlier, ...]
    facts: tuple[Used, ...]
    lines: tuple[Line, ...]
    columns: tuple[str, ...]
    spoken: tuple[tuple[Match, tuple[str, ...]], ...]
    draft: Draft | None
    propensities: tuple[tuple[str, str], ...]
    draws: tuple[tuple[str, str], ...]


def receipt_view(
    reader: Reader, receipt: Receipt, settings: PageSettings, revealed: Collection[str] = ()
) -> ReceiptView:
    """Prepare a receipt for a page.

    Args:
        reader: Read from.
        receipt: What there is to tell.
        settings: Units and names.
        revealed: Whose personal data are open.
    """
    decision = receipt.decision
    people = Names.of(reader, revealed, [decision]).with_contacts(reader, decision.account_id)
    who, veil = people.who_of(decision), people.veil_of(decision)
    score = decision.choice.score
    names = {item.candidate.id: words(item.candidate.action) for item in decision.considered}
    return ReceiptView(
        receipt=receipt,
        who=who,
        veil=veil,
        headline=headline(decision, who, receipt.approvals),
        badge=badge(decision),
        worth=money(score.total, settings.reporting) if score and score.total else "",
        heard=heard(reader, receipt.signal, veil),
        percept=percept_of(reader, receipt.signal),
        recalled=tuple(_earlier(message, veil) for message, _ in receipt.recalled.found),
        facts=tuple(_used(reader, fact, receipt.signal, settings, veil) for fact in decision.facts),
        lines=tuple(_lines(receipt, settings)),
        columns=_columns(receipt),
        spoken=_spoken(receipt),
        draft=_draft(receipt, veil),
        propensities=tuple((names.get(key, key), share(ppm)) for key, ppm in decision.propensities),
        draws=tuple((names.get(key, key), f"{ppm / 1_000_000:.6f}") for key, ppm in decision.draws),
    )


def _earlier(message: Message, veil: Veil) -> Earlier:
    title = veil.text(f"{words(message.channel)}, {message.by}")
    text = message.text if veil.is_open else without_private(message.text)
    return Earlier(message, title, veil.text(text))


def heard(reader: Reader, signal: Signal, veil: Veil) -> Heard:
    """Prepare a signal."""
    body, message = signal.body, carried(signal)
    said = body.get("text") or (message.signal.body.get("text") if message is not None else "")
    turns = body.get("turns")
    return Heard(
        signal=signal,
        told=veil.text(told(signal)),
        source_id=veil.text(signal.source_id),
        identifiers=tuple(veil.identifier(item) for item in signal.identifiers),
        text=veil.text(str(said or "")),
        turns=tuple(_turns(turns if isinstance(turns, list) else (), veil)),
        fields=tuple(_flat("", {key: item for key, item in body.items() if key not in _WORDS}, veil)),
        trigger=reader.signal(signal.trigger) if signal.trigger else None,
    )


def _flat(prefix: str, held: Mapping[str, Any], veil: Veil) -> Iterator[tuple[str, str]]:
    """The fields of a body, those of bodies inside it by their full name."""
    for key, item in sorted(held.items()):
        if isinstance(item, dict) and item.keys() != {"amount", "currency"}:
            yield from _flat(f"{prefix}{key} ", item, veil)
        else:
            shown = value(key, item, _NO_UNITS) if isinstance(item, bool | dict) else plain(item)
            yield veil.text(f"{prefix}{key}"), veil.value(key, shown)


def _turns(turns: list[Any] | tuple[()], veil: Veil) -> Iterator[tuple[str, str]]:
    for turn in turns:
        if isinstance(turn, dict):
            yield veil.text(plain(turn.get("speaker", ""))), veil.text(plain(turn.get("text", "")))


def _used(reader: Reader, fact: FactUsed, trigger: Signal, settings: PageSettings, veil: Veil) -> Used:
    here = fact.origin == trigger.id
    origin = trigger if here else reader.signal(fact.origin) if fact.origin else None
    root, _, predicate = fact.name.partition(".")
    shown = value(fact.name, fact.value, settings)
    if fact.name == PRIVATE and fact.value and not veil.is_open:
        shown = Masked("[known]")
    elif fact.value is not None:
        shown = veil.text(shown) if root == "account" else veil.value(predicate, shown)
    return Used(fact.name, shown, fact.value is not None, origin, here)


def _columns(receipt: Receipt) -> tuple[str, ...]:
    """Names of the items that any score of this decision has, in the order of the loop."""
    there = {name for item in receipt.decision.considered if item.score for name, _ in item.score.items}
    return (*(name for name in _ITEMS if name in there), *sorted(there.difference(_ITEMS)))


def _lines(receipt: Receipt, settings: PageSettings) -> Iterator[Line]:
    decision = receipt.decision
    wanted = gate_item(decision)
    for item in sorted(decision.considered, key=lambda item: item.candidate.id != decision.chosen):
        score = item.score
        items = dict(score.items) if score else {}
        chosen = item.candidate.id == decision.chosen
        named = item.candidate.campaign if item is wanted else ""
        yield Line(
            item=item,
            name=words(named or item.candidate.action),
            stage="" if chosen else STAGES.get(item.dropped_at, item.dropped_at),
            chosen=chosen,
            items=tuple(
                (name, money(items[name], settings.reporting)) for name in _columns(receipt) if name in items
            ),
            total=money(score.total, settings.reporting) if score else "",
            assumed=", ".join(words(name) for name in score.assumed) if score else "",
        )


def _spoken(receipt: Receipt) -> tuple[tuple[Match, tuple[str, ...]], ...]:
    """Every rule that spoke, once, with the candidates it spoke of."""
    found: dict[str, tuple[Match, list[str]]] = {}
    for item in receipt.decision.considered:
        for match in item.verdict.matches:
            about = found.setdefault(match.rule, (match, []))[1]
            name = words(item.candidate.campaign or item.candidate.action)
            if name not in about:
                about.append(name)
    return tuple((match, tuple(about)) for match, about in found.values())


def drafted(receipt: Receipt) -> tuple[Effect | None, Mapping[str, Any]]:
    """The arguments as they went out, else as they wait for approval, else as they were written."""
    waiting = [effect for approval in receipt.approvals for effect in approval.effects]
    effects = [row.effect for row in receipt.ledger if row.effect.action not in {TELL, READ_AGAIN}] or waiting
    effect = effects[0] if effects else None
    return effect, effect.arguments if effect else receipt.decision.choice.candidate.arguments


def _draft(receipt: Receipt, veil: Veil) -> Draft | None:
    effect, arguments = drafted(receipt)
    if effect is None and not arguments:
        return None
    shown = {"text", "subject", "to", "from"}
    channel = (effect.channel or effect.connector) if effect else receipt.decision.choice.candidate.channel
    return Draft(
        subject=veil.text(plain(arguments.get("subject", ""))),
        text=veil.text(plain(arguments.get("text", ""))),
        to=veil.value("address", plain(arguments["to"])) if "to" in arguments else "",
        sender=plain(arguments.get("from", "")),
        channel=words(channel),
        others=tuple(
            (key, veil.value(key, plain(item))) for key, item in sorted(arguments.items()) if key not in shown
        ),
    )
