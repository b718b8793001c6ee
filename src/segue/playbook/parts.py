"""Compiles the parts that plays and policies are made of: actions, offers, senders, caps and so on."""

from collections.abc import Mapping
from typing import Any, Final

from segue.core.errors import PlaybookError
from segue.core.expr import FactSchema, Type
from segue.core.money import Rates
from segue.core.records.playbook import (
    Action,
    Answer,
    Cap,
    Detector,
    Offer,
    OutcomeKind,
    Sender,
    Settings,
    Template,
    Text,
    Window,
)
from segue.perception import LEAST_EXAMPLES, OPT_OUT
from segue.perception.phrases import Phrases, Tag
from segue.playbook.asking import language_model
from segue.playbook.authored import (
    ActionEntry,
    DetectorEntry,
    IntentEntry,
    SenderEntry,
    SettingsFile,
    WeekPart,
)
from segue.playbook.compiler import Compiler
from segue.playbook.disclosing import READERS, withheld
from segue.playbook.keeping import held, kept_for
from segue.playbook.linking import identity_rules
from segue.playbook.scalars import currency
from segue.playbook.sections import Entry, Written
from segue.playbook.vocabulary import counter_problem
from segue.playbook.wording import Press

_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DETECTOR_SETTINGS: Final[Mapping[str, Mapping[str, int]]] = {
    "usage_dropped": {
        "window_days": 7,
        "baseline_days": 28,
        "min_days": 21,
        "drop": 400_000,
        "outage_below": 500_000,
        "at_least": 1,
        "again_days": 14,
    },
    "absence": {"days": 14},
    "count": {"days": 7, "at_least": 3, "again_days": 7},
    "date_near": {"days": 60},
    "open_question": {},
    "human_silent": {"days": 2},
}
"""Settings that each type of detector takes, with their defaults."""
_OWN_KINDS: Final = frozenset({"time", "amount", "phone", "email"})
_RECORDED_AS: Final = {"drop": "drop_ppm", "outage_below": "outage_ppm"}


def rates_of(form: SettingsFile) -> Rates:
    """Exchange rates of the settings."""
    return Rates(form.reporting_currency, form.rates.as_of, form.rates.per_unit)


def settings(entry: Entry[SettingsFile], compiler: Compiler) -> Settings:
    """Compile `settings.yaml`."""
    form = entry.form
    for code in form.rates.per_unit:
        _currency(entry, code, compiler)
    return Settings(
        tenant=form.tenant,
        brands=tuple(form.brands),
        rates=compiler.rates,
        default_zone=form.default_zone,
        default_country=form.default_country,
        attention_micro=compiler.micro(entry, ("attention",), form.attention),
        spread_s=form.spread,
        breaker_factor=form.breaker.factor,
        breaker_floor=form.breaker.floor,
        holdout_ppm=form.arms.holdout,
        usual_ppm=form.arms.usual,
        no_action_floor_ppm=form.no_action_floor,
        approval_s=form.approval,
        confirm_window_s=form.confirm_window,
        links=tuple(form.links),
        mask_logs=form.mask_logs,
        public_base_url=form.public_base_url,
        tell_by=tuple(form.tell.by),
        desk=form.tell.desk,
        identity=identity_rules(entry, compiler),
        conversation_order=tuple(form.conversation.order),
        conversation_wrote_s=form.conversation.wrote,
        promise_grace_s=form.promises.grace,
        promise_remind_s=form.promises.remind,
        retention_s=kept_for(form.retention),
        retention_hold=held(entry, compiler),
        recall_tokens=form.recall.tokens,
        llm=language_model(entry, form.llm, compiler) if form.llm else None,
    )


def actions(written: Written, compiler: Compiler) -> dict[str, Action]:
    """Compile `actions.yaml`; states of `advance` are checked against the plays."""
    blanks = frozenset(compiler.schema.facts) | compiler.broken
    presses = {reader: Press(blanks, withheld(compiler.facts, reader)) for reader in READERS}
    states = {"*"} | {state for play in written.plays.entries for state in play.form.states}
    all_plays_fit = len(written.plays.entries) == len(written.plays.names)
    found = {}
    for entry in written.actions.entries:
        form = entry.form
        compiler.known(entry, ("template",), "template", form.template, written.templates.names)
        compiler.known(entry, ("offer",), "offer", form.offer, written.offers.names)
        compiler.known(entry, ("sender",), "sender", form.sender, written.senders.names)
        for state in form.advance if all_plays_fit else ():
            compiler.known(entry, ("advance", state), "state", state, states)
        if form.channel in {"preferred", "same"} and form.connector != "channel":
            hint = "write `connector: channel`"
            compiler.wrong(
                entry, ("connector",), f"the connector of channel `{form.channel}` is the channel's", hint
            )
        for fact in form.asks:
            compiler.known(entry, ("asks", fact), "fact", fact, compiler.schema.facts)
            compiler.public(entry, ("asks", fact), (fact,))
        found[entry.name] = Action(
            name=entry.name,
            purpose=form.purpose,
            connector=form.connector,
            verb=form.verb,
            effect_class=form.effect,
            channel=form.channel,
            to=form.to,
            template=form.template,
            offer=form.offer,
            sender=form.sender,
            when=compiler.optional(entry, ("when",), form.when),
            cost_micro=compiler.micro(entry, ("cost",), form.cost),
            advance_ppm=dict(form.advance),
            opt_out_ppm=form.opt_out,
            high_risk=form.high_risk,
            bypass_score=form.bypass_score,
            arguments=_arguments(
                entry, presses["colleague" if form.purpose == "internal" else "customer"], compiler
            ),
            deadline_s=form.deadline,
            autonomy=form.autonomy,
            asks=dict(form.asks),
        )
    return found


def _arguments(entry: Entry[ActionEntry], press: Press, compiler: Compiler) -> dict[str, Text]:
    found = {}
    for name, text in entry.form.arguments.items():
        line = entry.document.place((*entry.path, "arguments", name)).line
        try:
            found[name] = press.compile(f"{entry.name}.{name}", text, entry.document.file, line)
        except PlaybookError as error:
            compiler.problems.append(error)
    return found


def offers(written: Written, compiler: Compiler) -> dict[str, Offer]:
    """Compile `offers.yaml`."""
    found = {}
    for entry in written.offers.entries:
        form = entry.form
        compiler.known(entry, ("budget",), "cap", form.budget, written.caps.names)
        to = compiler.optional(entry, ("to",), form.to)
        found[entry.name] = Offer(
            entry.name, form.kind, form.words, form.percent, form.valid_for_days, to, form.budget
        )
    return found


def senders(written: Written, compiler: Compiler, brands: tuple[str, ...]) -> dict[str, Sender]:
    """Compile `senders.yaml`."""
    for entry in written.senders.entries:
        compiler.known(entry, ("brand",), "brand", entry.form.brand, brands)
    return {e.name: _sender(e) for e in written.senders.entries}


def _sender(entry: Entry[SenderEntry]) -> Sender:
    form = entry.form
    addresses = {str(channel): address for channel, address in form.addresses.items()}
    return Sender(entry.name, form.brand, form.display, addresses, form.rep)


def answers(written: Written, compiler: Compiler, brands: tuple[str, ...]) -> dict[str, Answer]:
    """Compile `answers.yaml`; the questions of an answer are intents."""
    found = {}
    for entry in written.answers.entries:
        form = entry.form
        compiler.known(entry, ("brand",), "brand", form.brand, brands)
        for index, question in enumerate(form.questions):
            compiler.known(entry, ("questions", index), "intent", question, written.intents.names)
        found[entry.name] = Answer(
            entry.name,
            form.owner,
            form.language,
            form.brand,
            form.text,
            tuple(form.questions),
            form.expires_on,
            tuple(form.asked),
        )
    return found


def intents(written: Written, compiler: Compiler) -> dict[str, Any]:
    """Intents as perception reads them: `{name: {"phrases": [...], "examples": [...], "risk": "low"}}`."""
    for entry in written.intents.entries:
        if entry.name == OPT_OUT:
            hint = "it is built in, and takes back consent; name yours otherwise"
            compiler.wrong(entry, (), f"intent `{OPT_OUT}` cannot be redefined", hint)
        for index, phrase in enumerate(entry.form.phrases):
            try:
                Phrases([(phrase, Tag("intent", entry.name))])
            except PlaybookError as error:
                compiler.wrong(entry, ("phrases", index), error.message, error.hint)
        _examples(entry, compiler)
    return {
        e.name: {"phrases": list(e.form.phrases), "examples": list(e.form.examples), "risk": e.form.risk}
        for e in written.intents.entries
    }


def entities(written: Written, compiler: Compiler) -> dict[str, tuple[str, ...]]:
    """Names to look for in messages, by kind: `{"competitor": ("Acme CRM", ...)}`."""
    for entry in written.entities.entries:
        if entry.name in _OWN_KINDS:
            hint = "it is found by itself; name yours otherwise"
            compiler.wrong(entry, (), f"entity `{entry.name}` is built in", hint)
        for index, name in enumerate(entry.form.names):
            if not any(char.isalnum() for char in name):
                compiler.wrong(
                    entry, ("names", index), f"name `{name}` has no word", "write the name as it is said"
                )
    return {entry.name: tuple(entry.form.names) for entry in written.entities.entries}


def _examples(entry: Entry[IntentEntry], compiler: Compiler) -> None:
    """Too few examples teach nothing, and the same one twice is a slip."""
    examples = entry.form.examples
    if not examples and not entry.form.phrases:
        compiler.wrong(
            entry, (), f"intent `{entry.name}` has neither phrases nor examples", "give it 5 to 20"
        )
    elif examples and len(set(examples)) < LEAST_EXAMPLES:
        compiler.wrong(
            entry, ("examples",), f"intent `{entry.name}` has fewer than two examples", "give it 5 to 20"
        )


def outcomes(written: Written, compiler: Compiler) -> dict[str, OutcomeKind]:
    """Compile `outcomes.yaml`."""
    return {
        e.name: OutcomeKind(e.name, e.form.harm, e.form.scope, compiler.micro(e, ("costs",), e.form.costs))
        for e in written.outcomes.entries
    }


def caps(written: Written, compiler: Compiler) -> tuple[Cap, ...]:
    """Compile `caps.yaml`."""
    return tuple(
        Cap(
            e.name,
            compiler.expression(e, ("when",), e.form.when),
            e.form.per,
            e.form.period,
            e.form.limit,
            e.form.counts_touches,
        )
        for e in written.caps.entries
    )


def windows(written: Written) -> tuple[Window, ...]:
    """Compile `windows.yaml`, one window for each region named."""
    return tuple(
        Window(
            country=e.form.country,
            region=region,
            channels=frozenset(e.form.channels),
            purposes=frozenset(e.form.purposes),
            hours=_week(e.form.hours),
            on_holidays=e.form.holidays == "open",
            source=e.form.source,
            reviewed_on=e.form.reviewed_on,
        )
        for e in written.windows.entries
        for region in e.form.regions or ["*"]
    )


def _week(part: WeekPart) -> tuple[tuple[int, int] | None, ...]:
    named = (getattr(part, day) for day in _DAYS)
    return tuple(part.weekdays if own == "as weekdays" else own for own in named)


def detectors(written: Written, compiler: Compiler) -> dict[str, Detector]:
    """Compile `detectors.yaml`."""
    found = {}
    for entry in written.detectors.entries:
        form = entry.form
        needs = {"date_near": "fact", "open_question": "doc", "human_silent": "doc"}.get(form.type, "counter")
        if not getattr(form, needs):
            compiler.wrong(entry, (), f"a detector of type `{form.type}` needs `{needs}`", "add it")
        if form.fact and compiler.known(entry, ("fact",), "fact", form.fact, compiler.schema.facts):
            _dated(entry, compiler.schema, compiler)
            compiler.public(entry, ("fact",), (form.fact,))
        if form.counter and (problem := counter_problem(form.counter)):
            message, _, hint = problem.partition("; ")
            compiler.wrong(entry, ("counter",), message, hint or None)
        found[entry.name] = Detector(
            entry.name, form.type, form.scope, _detector_settings(entry, compiler), form.counter, form.fact
        )
    return found


def _dated(entry: Entry[DetectorEntry], schema: FactSchema, compiler: Compiler) -> None:
    fact, scope = entry.form.fact, entry.form.scope
    if schema.facts[fact].type is not Type.INSTANT:
        compiler.wrong(entry, ("fact",), f"fact `{fact}` is no instant", "name a fact of type instant")
    if fact.partition(".")[0] != scope:
        compiler.wrong(entry, ("fact",), f"fact `{fact}` is not of the detector's scope `{scope}`")


def _detector_settings(entry: Entry[DetectorEntry], compiler: Compiler) -> dict[str, int]:
    taken = _DETECTOR_SETTINGS[entry.form.type]
    every = {name for names in _DETECTOR_SETTINGS.values() for name in names}
    for name in sorted(every - set(taken)):
        if getattr(entry.form, name) is not None:
            hint = f"it takes {', '.join(f'`{item}`' for item in taken)}"
            compiler.wrong(entry, (name,), f"a detector of type `{entry.form.type}` takes no `{name}`", hint)
    own = {name: getattr(entry.form, name) for name in taken}
    return {
        _RECORDED_AS.get(name, name): default if own[name] is None else own[name]
        for name, default in taken.items()
    }


def templates(written: Written, compiler: Compiler, brands: tuple[str, ...]) -> dict[str, Template]:
    """Compile `templates/`: one record for each wording, under `name/channel/language[/brand]`."""
    blanks = frozenset(compiler.schema.facts) | compiler.broken
    press = Press(blanks, withheld(compiler.facts, "customer"))
    found: dict[str, Template] = {}
    for entry in written.templates.entries:
        for index, text in enumerate(entry.form.texts):
            here = ("texts", index)
            compiler.known(entry, (*here, "brand"), "brand", text.brand, brands)
            key = "/".join(filter(None, (entry.form.template, text.channel, text.language, text.brand)))
            if key in found:
                compiler.wrong(
                    entry, here, f"wording `{key}` is there twice", "change channel, language or brand"
                )
            record = _wording(entry, here, key, press, compiler)
            if record is not None:
                found[key] = record
    return found


def _wording(
    entry: Entry[Any], here: tuple[str | int, ...], key: str, press: Press, compiler: Compiler
) -> Template | None:
    text = entry.form.texts[here[-1]]
    pressed: list[Text] = []
    for part in ("subject", "text"):
        line = entry.document.place((*entry.path, *here, part)).line
        try:
            made = press.compile(key, getattr(text, part), entry.document.file, line)
        except PlaybookError as error:
            compiler.problems.append(error)
            return None
        pressed.append(made)
    subject, words = pressed
    return Template(
        name=entry.form.template,
        channel=text.channel,
        language=text.language,
        brand=text.brand,
        subject=subject.render,
        text=words.render,
        names=subject.names | words.names,
    )


def _currency(entry: Entry[SettingsFile], code: str, compiler: Compiler) -> None:
    try:
        currency(code)
    except ValueError as error:
        message, _, hint = str(error).partition("; ")
        compiler.problems.append(entry.error(("rates", "per_unit", code), message, hint, at_key=True))
