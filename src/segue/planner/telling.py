"""Telling humans: the colleague who has to say yes, or to take over, hears of it, and again near the end.

What is told is an effect like any other, but no touch: it goes to a colleague, needs no consent and draws on
no cap. It names nobody more than it must: the first letter of a surname and the company. The kill switch
stops what goes to customers, not what colleagues hear; what was decided meanwhile is not told any more.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from segue.core.ids import derive
from segue.core.money import MICRO, Money
from segue.core.records.decisions import Decision
from segue.core.records.effects import Approval, Effect, EffectChange, Timer
from segue.core.redact import mask
from segue.core.units import SECOND, Instant
from segue.core.zones import local_time
from segue.graph import owner_of
from segue.planner.options import Moment
from segue.planner.reading import text
from segue.privacy.links import seal

TELL = "tell_human"
"""Action of such an effect."""

REMIND = "remind"
NOTIFY, BRIEF = "notify", "brief"
HAND_OVER = "hand_over"
_EMAIL = "email"
_PERSONAL = frozenset({_EMAIL, "phone", "name"})
_TOLD_IN_S = 86_400
_LAST_QUARTER = 4


def told(
    moment: Moment, decision: Decision, effects: tuple[Effect, ...], approvals: tuple[Approval, ...]
) -> tuple[Effect, ...]:
    """Effects that tell a human of new approvals and of conversations handed over.

    Args:
        moment: The step's world.
        decision: What was decided.
        effects: What it asks for; indexes go on behind them.
        approvals: What waits for a human by it.
    """
    found = [_asked(moment, approval, "") for approval in approvals if approval.status == "pending"]
    found += [_handed(moment, decision, effect) for effect in effects if effect.verb == HAND_OVER]
    found += [_noted(moment, decision, effect) for effect in effects if _is_note(effect)]
    found += [_written(moment, decision, effect) for effect in effects if effect.verb == BRIEF]
    return _numbered(moment, [one for many in found for one in many], len(effects))


def reminded(moment: Moment) -> tuple[Effect, ...]:
    """Effects that remind a human of an approval that is still open when its time runs out."""
    approval, body = moment.approval, moment.signal.body
    if body.get("timer_kind") != REMIND or approval is None or approval.status != "pending":
        return ()
    return _numbered(moment, list(_asked(moment, approval, "Reminder: ")), 0)


def reminder(moment: Moment, approval: Approval) -> tuple[Timer, ...]:
    """The timer of the reminder, in the last quarter of an approval's time; none where nobody is told."""
    if approval.status != "pending" or not _whom(moment):
        return ()
    left = (approval.expires_at - approval.asked_at) // _LAST_QUARTER
    due_at = Instant(approval.expires_at - left)
    body = {"approval": approval.id}
    return (Timer(reminder_id(approval.id), REMIND, approval.subject, due_at, moment.signal.id, body),)


def reminder_id(approval_id: str) -> str:
    """Id of the timer that reminds of an approval."""
    return derive(REMIND, approval_id)


def needless(moment: Moment) -> tuple[EffectChange, ...]:
    """Messages about an approval that did not go out before it was decided."""
    if moment.question != "approval" or moment.approval is None:
        return ()
    return tuple(
        EffectChange(row.effect.id, "cancelled", "it was decided meanwhile")
        for row in moment.context.ledger
        if row.effect.action == TELL
        and row.effect.arguments.get("about") == moment.approval.id
        and row.state == "pending"
        and all(attempt.state == "retry" for attempt in row.attempts)
    )


def _asked(moment: Moment, approval: Approval, before: str) -> Iterator[Effect]:
    effect = approval.effects[0]
    what, who = _words(effect.action), _who(moment)
    until = _until(moment, approval.expires_at)
    lines = (
        f"Waiting for your yes or no until {until}:",
        f"What: {what}{_by(effect)}",
        f"For: {who}",
        f"Why: {_hidden(moment, approval.because)}",
        f"Worth: {_money(moment, approval.value_micro)} (expected)",
    )
    link = _link(moment, seal(moment.house.ids, "approval", approval.id))
    subject = f"{before}{what} for {who}, until {until}"
    words = "\n".join((*lines, "", link))
    return _messages(moment, (approval.decision_id, approval.id), subject, words, approval.expires_at)


def _handed(moment: Moment, decision: Decision, effect: Effect) -> Iterator[Effect]:
    who = _who(moment)
    lines = (
        "A conversation was handed to you. The brief stands in the helpdesk.",
        f"With: {who}",
        f"Why: {_hidden(moment, decision.because)}",
    )
    link = _link(moment, seal(moment.house.ids, "decision", decision.id))
    until = Instant(moment.now + _TOLD_IN_S * SECOND)
    words, subject = "\n".join((*lines, "", link)), f"Conversation with {who} is yours"
    return _messages(moment, (decision.id, effect.id), subject, words, until)


def _written(moment: Moment, decision: Decision, effect: Effect) -> Iterator[Effect]:
    """Who has a conversation by their own mail alone is told that the customer wrote, wherever they did."""
    owner = owner_of(moment.view.binding)
    if owner is None or owner.claimed:
        return
    who = _who(moment)
    lines = (
        f"{who} wrote while the conversation is yours; Segue does not answer.",
        "The words stand in the brief in the helpdesk.",
    )
    link = _link(moment, seal(moment.house.ids, "decision", decision.id))
    until = Instant(moment.now + _TOLD_IN_S * SECOND)
    words = "\n".join((*lines, "", link))
    yield from _messages(moment, (decision.id, effect.id), f"{who} wrote again", words, until)


def _is_note(effect: Effect) -> bool:
    """Whether a play has something noted for a colleague, who then hears of it by mail as well."""
    return effect.verb == NOTIFY and effect.purpose == "internal" and bool(effect.play)


def _noted(moment: Moment, decision: Decision, effect: Effect) -> Iterator[Effect]:
    title = _hidden(moment, str(effect.arguments.get("title", "")))
    link = _link(moment, seal(moment.house.ids, "decision", decision.id))
    lines = (f"With: {_who(moment)}", _hidden(moment, str(effect.arguments.get("text", ""))), "", link)
    until = Instant(moment.now + _TOLD_IN_S * SECOND)
    return _messages(moment, (decision.id, effect.id), f"Reminder: {title}", "\n".join(lines), until)


def _messages(
    moment: Moment, about: tuple[str, str], subject: str, words: str, until: Instant
) -> Iterator[Effect]:
    """One message by every tool the settings name, about (a decision, what came of it)."""
    whom = _whom(moment)
    for connector in moment.playbook.settings.tell_by if whom else ():
        arguments = {
            "to": whom,
            "from": _from(moment),
            "subject": subject,
            "text": words,
            "purpose": "internal",
            "about": about[1],
        }
        yield Effect(
            id="",
            decision_id=about[0],
            signal_id=moment.signal.id,
            index=0,
            connector=connector,
            verb="send",
            effect_class="U",
            arguments={name: value for name, value in arguments.items() if value},
            not_before=moment.now,
            deadline_at=min(until, Instant(moment.now + _TOLD_IN_S * SECOND)),
            subject=moment.known.subject,
            action=TELL,
            purpose="internal",
            profile_id=moment.known.profile_id,
            account_id=moment.context.account_id,
        )


def _numbered(moment: Moment, effects: list[Effect], first: int) -> tuple[Effect, ...]:
    return tuple(
        replace(effect, id=derive("effect", moment.signal.id, str(index)), index=index)
        for index, effect in enumerate(effects, start=first)
    )


def _whom(moment: Moment) -> str:
    """The account's owner, their deputy while they are away, else the desk.

    Empty where nobody is named or nothing to tell them by.
    """
    settings, view = moment.playbook.settings, moment.view
    away_until = view("account.owner_away_until")
    is_away = isinstance(away_until, int) and away_until > moment.now
    name = "account.deputy_email" if is_away else "account.owner_email"
    return (text(view, name) or settings.desk) if settings.tell_by else ""


def _from(moment: Moment) -> str:
    """The first address that the company itself writes mails from."""
    senders = moment.playbook.senders.values()
    return next((s.addresses[_EMAIL] for s in senders if not s.rep and _EMAIL in s.addresses), "")


def _who(moment: Moment) -> str:
    """Whom it is about, as little as a colleague needs: `K., Brightwater Utilities`."""
    name, company = text(moment.view, "person.name"), text(moment.view, "account.name")
    initial = f"{name.split()[-1][0]}." if name.split() else ""
    return ", ".join(part for part in (initial, company) if part) or "somebody without a name"


def _hidden(moment: Moment, because: str) -> str:
    """A reason without personal data: a mail server repeats the address that it refused, in any form."""
    own = (fact for fact in moment.context.facts if fact.subject.startswith("profile:"))
    known = [fact.value for fact in own if fact.predicate in _PERSONAL and isinstance(fact.value, str)]
    return mask(because, known)


def _words(action: str) -> str:
    return action.replace("_", " ")


def _by(effect: Effect) -> str:
    offer = f" ({_words(effect.offer)})" if effect.offer else ""
    return f"{offer} by {effect.channel}" if effect.channel else offer


def _money(moment: Moment, micro: int) -> str:
    return str(Money(round(micro / MICRO), moment.playbook.settings.rates.reporting))


def _until(moment: Moment, at: Instant) -> str:
    zone = moment.playbook.settings.default_zone
    there = local_time(at, zone)
    return f"{there:%a} {there.day} {there:%b %H:%M} ({zone})"


def _link(moment: Moment, token: str) -> str:
    base = moment.playbook.settings.public_base_url
    return f"{base}/a/{token}" if base else "Open the list of approvals in Segue."
