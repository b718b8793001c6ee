"""Sentences: what a decision came to, to whom and why, in words a reader outside the house understands."""

from segue.console.who import Who
from segue.console.wording import moment, sentence, words
from segue.core.records.decisions import Considered, Decision
from segue.core.records.effects import Approval
from segue.core.records.signals import Signal

MODES = {
    "act": "done",
    "approve": "asks a human",
    "draft": "draft only",
    "shadow": "shadow",
    "nothing": "nothing",
    "allow": "allowed",
    "hold": "held",
    "deny": "denied",
}
"""What a badge says of each mode."""

STAGES = {
    "history": "history only",
    "arm": "experiment arm",
    "kill_switch": "kill switch",
    "breaker": "outflow breaker",
    "precondition": "precondition",
    "policy": "policy",
    "repeat": "done before",
    "reservation": "limit used up",
    "draft": "draft check",
    "score": "score",
    "choice": "choice",
}
"""What the table of candidates says of each stage, in the order of the loop."""

HELD = {
    ":reservation": "limit used up",
    ":kill_switch": "kill switch",
    ":breaker": "outflow breaker or pause",
    ":draft": "draft check",
    ":gate": "send gate",
    ":refused": "last check before sending",
}
"""What pages say of what kept something back, where it was no rule."""

_WAIT, _NOTHING = "wait_until", "no_action"


def badge(decision: Decision) -> tuple[str, str]:
    """Class and words of a decision's badge."""
    if decision.mode == "nothing" and decision.action == _WAIT:
        return "hold", "waits"
    return decision.mode, MODES[decision.mode]


def held_by(name: str) -> str:
    """What kept something back, in words.

    >>> held_by("quiet-hours"), held_by(":kill_switch")
    ('quiet hours', 'kill switch')
    """
    return HELD.get(name) or words(name.removeprefix(":"))


def choice(decision: Decision) -> str:
    """What was chosen, in a few words."""
    wanted = gate_item(decision)
    if wanted is not None:
        return words(wanted.candidate.campaign or wanted.candidate.action)
    if decision.action == _NOTHING:
        return (
            f"{words(decision.considered[0].candidate.action)}: not done" if _settles(decision) else "nothing"
        )
    if decision.action == _WAIT:
        return f"wait until {moment(decision.until)}" if decision.until else "wait"
    return words(decision.action)


def _settles(decision: Decision) -> bool:
    """Whether the question was what becomes of one thing decided earlier."""
    return (
        decision.question in {"approval", "refused"} and decision.considered[0].candidate.action != _NOTHING
    )


def gate_item(decision: Decision) -> Considered | None:
    """What another tool wanted to send, where that was the question."""
    if decision.question != "gate":
        return None
    return next((item for item in decision.considered if item.candidate.action != _NOTHING), None)


def headline(decision: Decision, who: Who, approvals: tuple[Approval, ...] = ()) -> str:
    """One sentence: what, to whom."""
    item = gate_item(decision)
    if item is not None:
        return _gate_sentence(decision, item, who)
    return sentence(f"{_sentence(decision, str(who), approvals)}.")


def _gate_sentence(decision: Decision, item: Considered, who: Who) -> str:
    tool = words(item.candidate.connector) or "another tool"
    what = f"“{words(item.candidate.campaign or item.candidate.action)}” to {who}"
    if decision.mode == "allow":
        return f"The {tool} tool may send {what}."
    if decision.mode == "hold":
        until = f" until {moment(decision.until)}" if decision.until else ""
        return f"The {tool} tool's {what} is held{until}."
    return f"The {tool} tool may not send {what}."


def _sentence(decision: Decision, who: str, approvals: tuple[Approval, ...]) -> str:
    what = words(decision.action)
    if decision.action == _NOTHING:
        if _settles(decision):
            return f"{words(decision.considered[0].candidate.action)} for {who} was not done"
        return f"Nothing was done for {who}"
    if decision.action == _WAIT:
        return f"Segue {choice(decision).replace('wait', 'waits', 1)} before it does more for {who}"
    channel = words(decision.choice.candidate.channel)
    by = f" by {channel}" if channel and channel not in what else ""
    what = f"{what}{by} {'to' if channel else 'for'} {who}"
    match decision.mode:
        case "approve":
            return f"{what}, {_approval(approvals)}"
        case "draft":
            return f"{what}, as a draft"
        case "shadow":
            return f"{what}, in shadow mode: nothing was done"
        case _:
            return what


def _approval(approvals: tuple[Approval, ...]) -> str:
    status = approvals[-1].status if approvals else "pending"
    by = f" by {approvals[-1].by}" if approvals and approvals[-1].by else ""
    return {
        "pending": "once a human approves",
        "given": f"approved{by}",
        "rejected": f"rejected{by}",
        "expired": "but nobody approved in time",
    }[status]


def told(signal: Signal) -> str:
    """A signal in a few words: what happened, and where it was heard of."""
    body = signal.body
    named = next(
        (
            str(body[key])
            for key in ("detector", "timer_kind", "topic", "outcome", "path", "url")
            if key in body
        ),
        "",
    )
    kind = words(str(signal.kind).replace(".", " "))
    return f"{kind}: {words(named)}" if named else kind
