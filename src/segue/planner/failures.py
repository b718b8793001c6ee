"""Failures: what will not happen is done another way, or a human is shown it; nobody is forgotten."""

from typing import Any

from segue.core.ids import derive
from segue.core.records.context import Context
from segue.core.records.decisions import Candidate
from segue.core.records.effects import Effect
from segue.core.records.playbook import Action
from segue.core.records.reading import READ_AGAIN
from segue.core.records.signals import Kind, Signal
from segue.planner.brief import brief, cited
from segue.planner.control import killed
from segue.planner.options import Failure, Moment, Option
from segue.planner.reading import text

SHOW = "show_to_human"

DESK, OWNER = ("helpdesk", "hand_over"), ("crm", "create_task")
"""Connector and verb by which a human hears of something: the desk, or the account's owner."""

_ALERT = ("helpdesk", "notify")


def failure_of(signal: Signal, context: Context) -> Failure | None:
    """The failure a signal tells of for good; while somebody still looks it up there is none."""
    if signal.kind is not Kind.EFFECT_SETTLED or signal.body.get("final") is not True:
        return None
    effect_id, state = signal.body["effect"], signal.body["state"]
    row = next((row for row in context.ledger if row.effect.id == effect_id), None)
    if row is None or state not in {"failed", "unknown"} or row.effect.action == READ_AGAIN:
        return None  # what a second reading did not tell is nobody's task
    return Failure(row.effect, state, str(signal.body.get("detail", "")))


def tried_by(signal: Signal, failure: Failure | None, context: Context) -> tuple[str, ...]:
    """Connectors that are not tried again: those that failed, but for what the kill switch kept in."""
    if failure is None:
        return tuple(signal.body.get("tried", ()))
    before = failure.effect.tried
    return before if killed(context) else (*before, failure.effect.connector)


def woken_by(failure: Failure) -> set[str]:
    """The play that may do something else.

    What may have gone out is repeated in no other way either, and what must be said on one channel, such as
    the confirmation of an opt-out, is said on no other.
    """
    again = failure.state == "failed" and failure.effect.purpose != "mandatory"
    return {failure.effect.play} if again and failure.effect.play else set()


def shown(moment: Moment) -> tuple[Option, ...]:
    """The last resort: a human is shown what failed, once, at the first place that has not failed itself."""
    failure = moment.failure
    if failure is None:
        return ()
    way = next((way for way in _ways(failure.effect) if way[0] not in moment.tried), None)
    if way is None:
        return ()
    connector, verb = way
    candidate = Candidate(
        id=derive("candidate", moment.signal.id, SHOW),
        action=SHOW,
        purpose="internal",
        at=moment.now,
        profile_id=failure.effect.profile_id,
        connector=connector,
        verb=verb,
        arguments=_arguments(moment, failure, verb),
    )
    action = Action(SHOW, "internal", connector, verb, "K", to="owner" if way == OWNER else "desk")
    return (Option(candidate, moment.view.bind(candidate=candidate), action),)


def _ways(effect: Effect) -> tuple[tuple[str, str], ...]:
    """Where a failure is shown: the desk hears of people, the owner of what was to be sold."""
    if not effect.profile_id or (not effect.play and effect.action != SHOW):
        return (_ALERT, OWNER)
    return (OWNER, DESK) if effect.purpose == "commercial" else (DESK, OWNER)


def _arguments(moment: Moment, failure: Failure, verb: str) -> dict[str, Any]:
    """What a human needs: what went wrong, what was asked, and what was to be said."""
    effect = failure.effect
    title = f"{effect.action} by {effect.connector} {_END[failure.state]}"
    if verb in {DESK[1], OWNER[1]}:
        return handed(moment, verb, failure.reason, title, str(effect.arguments.get("text", "")))
    return {"title": title, "text": failure.reason}


def handed(moment: Moment, verb: str, reason: str, title: str, draft: str = "") -> dict[str, Any]:
    """What a human needs to take over: why, what was asked, and what was to be said."""
    question = str(moment.heard.body.get("text", ""))
    if verb == OWNER[1]:
        owner = text(moment.view, "account.owner", "unassigned")
        earlier = "\n".join(cited(moment))
        said = "\n\n".join(part for part in (reason, question, draft, earlier) if part)
        return {"title": title, "owner": owner, "text": said}
    requester = text(moment.view, "person.email") or text(moment.view, "person.phone", "unknown")
    asked = question or "no text"
    told = {"requester": requester, "question": asked, "brief": brief(moment), "reason": reason}
    whose = moment.context.person_id
    return told | ({"conversation": whose} if whose else {})


_END = {"failed": "failed", "unknown": "may have gone out"}
