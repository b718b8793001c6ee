"""Facts of the occasion: the signal, its message, the goal looked at and the action thought of."""

from collections.abc import Callable

from segue.core.expr import Type, Value
from segue.core.records.binding import Binding, DerivedFact, DerivedFacts
from segue.core.records.decisions import Candidate
from segue.core.records.memory import Goal
from segue.core.records.percepts import Percept
from segue.core.records.signals import Signal
from segue.core.units import DAY, HOUR, PPM
from segue.graph.answering import open_and_answered
from segue.graph.derived import closed, open_, yes_no


def _signal(of: Callable[[Signal, Binding], Value | None]) -> Callable[[Binding], Value | None]:
    return lambda binding: of(binding.signal, binding) if binding.signal is not None else None


def _message(of: Callable[[Percept], Value | None]) -> Callable[[Binding], Value | None]:
    return lambda binding: of(binding.percept) if binding.percept is not None else None


def _goal(of: Callable[[Goal, Binding], Value | None]) -> Callable[[Binding], Value | None]:
    return lambda binding: of(binding.goal, binding) if binding.goal is not None else None


def _action(of: Callable[[Candidate], Value | None]) -> Callable[[Binding], Value | None]:
    return lambda binding: of(binding.candidate) if binding.candidate is not None else None


def _deadline_days(goal: Goal, binding: Binding) -> int | None:
    return None if goal.deadline_at is None else (goal.deadline_at - binding.context.now) // DAY


def _detector(signal: Signal, _: Binding) -> str:
    return str(signal.body.get("detector", "")) if signal.kind == "detector.fired" else ""


def _link(signal: Signal, _: Binding) -> str:
    """The path of a link that was followed, without host, query and fragment."""
    url = signal.body.get("url")
    if signal.kind != "link.clicked" or not isinstance(url, str):
        return ""
    path = url.partition("://")[2].partition("/")[2]
    return "/" + path.partition("?")[0].partition("#")[0].rstrip("/")


def _human_percent(binding: Binding) -> int:
    percept = binding.percept
    return 100 if percept is None else percept.human_ppm * 100 // PPM


def _high_risk(binding: Binding) -> bool:
    candidate = binding.candidate
    action = binding.playbook.actions.get(candidate.action) if candidate is not None else None
    return action is not None and action.high_risk


def _linked(_: Signal, binding: Binding) -> str:
    """What became of the linking code that the message brought."""
    found = binding.context.links.handshake
    return "" if found is None else found.state if found.state in _TOLD_APART else "refused"


def _goes_on_by_phone(percept: Percept) -> bool:
    return any(wish.kind == "channel" and wish.value in {"sms", "whatsapp"} for wish in percept.preferences)


def _tells_account(binding: Binding) -> bool:
    """Whether any wording of the action on its channel has a blank for what is known of an account."""
    candidate = binding.candidate
    action = binding.playbook.actions.get(candidate.action) if candidate is not None else None
    if candidate is None or action is None or not action.template:
        return False
    return any(
        name.startswith("account.")
        for template in binding.playbook.templates.values()
        if (template.name, template.channel) == (action.template, candidate.channel)
        for name in template.names
    )


def _intents(percept: Percept) -> tuple[str, ...]:
    return tuple(sorted({intent.label for intent in percept.intents}))


_TOLD_APART = ("joined", "too_many")

_FACTS: tuple[DerivedFact, ...] = (
    closed(
        "signal.kind", "", "kind of the signal, such as `page.viewed`", _signal(lambda s, _: s.kind.value)
    ),
    closed("signal.detector", "", "detector that fired", _signal(_detector)),
    closed("signal.link", "", "path of the link that was followed, such as `/pricing`", _signal(_link)),
    closed(
        "signal.human_percent",
        100,
        "how likely a person, not a scanner, followed the link or opened the mail",
        _human_percent,
    ),
    open_(
        "signal.age_hours",
        Type.INT,
        "hours since what the signal tells of happened",
        _signal(lambda s, b: (b.context.now - s.occurred_at) // HOUR),
    ),
    closed("message.intents", (), "what the message wants", _message(_intents)),
    closed(
        "message.decision",
        "none",
        "whether the message was understood: accept, ask, escalate, or none without text",
        _message(lambda p: p.decision),
    ),
    closed(
        "message.risk", (), "high-risk matters in the message", _message(lambda p: tuple(sorted(set(p.risk))))
    ),
    closed(
        "message.questions_answered",
        0,
        "questions of the message that an approved answer fits",
        lambda b: open_and_answered(b)[1],
    ),
    closed(
        "message.questions_open",
        0,
        "questions of the message that no approved answer fits",
        lambda b: open_and_answered(b)[0],
    ),
    closed("message.language", "", "language of the message, ISO 639-1", _message(lambda p: p.language)),
    closed(
        "signal.channel",
        "",
        "channel the signal came on",
        _signal(lambda s, _: str(s.body.get("channel", ""))),
    ),
    yes_no(
        "message.goes_on_by_phone",
        "whether the message asks to go on by SMS or WhatsApp",
        lambda b: b.percept is not None and _goes_on_by_phone(b.percept),
    ),
    closed(
        "message.link",
        "",
        "what became of the linking code the message brought: joined, too_many or refused",
        _signal(_linked),
    ),
    closed("goal.state", "", "progress state of the goal", _goal(lambda g, _: g.state)),
    open_("goal.deadline_days", Type.INT, "days until the goal's deadline", _goal(_deadline_days)),
    open_(
        "goal.age_days",
        Type.INT,
        "days since the goal opened",
        _goal(lambda g, b: (b.context.now - g.opened_at) // DAY),
    ),
    closed("action.name", "", "name of the action", _action(lambda c: c.action)),
    closed("action.purpose", "", "commercial, service, mandatory or internal", _action(lambda c: c.purpose)),
    closed("action.channel", "", "channel the action goes out on", _action(lambda c: c.channel)),
    yes_no("action.high_risk", "whether the playbook calls the action high-risk", _high_risk),
    yes_no(
        "action.tells_account", "whether its text has a blank for what is known of an account", _tells_account
    ),
    closed("action.offer", "", "offer that is made", _action(lambda c: c.offer)),
    closed("action.brand", "", "brand that speaks", _action(lambda c: c.brand)),
    closed("action.play", "", "play the action belongs to", _action(lambda c: c.play)),
    closed(
        "action.tool", "", "tool that acts: a connector, or who asks the gate", _action(lambda c: c.connector)
    ),
    closed("action.campaign", "", "campaign of a tool that asks the gate", _action(lambda c: c.campaign)),
    closed("action.text", "", "the draft", _action(lambda c: str(c.arguments.get("text", "")))),
)

OCCASION: DerivedFacts = {fact.decl.name: fact for fact in _FACTS}
