"""Unanswered: where nothing can be said to somebody who wrote, a human is shown their words, once."""

from segue.core.ids import derive
from segue.core.records.decisions import Candidate
from segue.core.records.playbook import Action
from segue.core.records.signals import Kind
from segue.core.zones import local_day
from segue.planner.failures import DESK, OWNER, SHOW, handed
from segue.planner.options import Moment, Option
from segue.planner.reading import text

_HELD_BACK = frozenset({"policy", "reservation", "draft"})
"""Stages at which an answer that fits the message was held back, for good."""


def unanswered(moment: Moment, options: tuple[Option, ...]) -> Option | None:
    """A hand-over of the message that gets no answer; None where it needs none or has one.

    A colleague who is in the conversation, or was handed it today already, sees the message anyway; and the
    same words are shown once a day.
    """
    if moment.heard.kind is not Kind.MESSAGE_RECEIVED or any(o.candidate.action == SHOW for o in options):
        return None
    held = next((option for option in options if _is_answer(option)), None)
    if held is None or _has_human(moment, options):
        return None
    return _hand_over(moment, held)


def _is_answer(option: Option) -> bool:
    candidate = option.candidate
    return bool(candidate.channel) and candidate.purpose == "service" and option.dropped_at in _HELD_BACK


def _has_human(moment: Moment, options: tuple[Option, ...]) -> bool:
    today = (o for o in options if o.dropped_at == "reservation" and o.action and o.action.to == "desk")
    return moment.view("person.human_in_conversation") is True or any(today)


def _hand_over(moment: Moment, held: Option) -> Option | None:
    way = next((way for way in (DESK, OWNER) if way[0] not in moment.tried), None)
    limit = _once(moment)
    if way is None or any(row.key == limit for row in moment.context.reservations if row.state != "released"):
        return None
    connector, verb = way
    because = f"`{held.candidate.action}` cannot go out: {held.because}"
    candidate = Candidate(
        id=derive("candidate", moment.signal.id, SHOW),
        action=SHOW,
        purpose="internal",
        at=moment.now,
        play=held.candidate.play,
        profile_id=held.candidate.profile_id,
        connector=connector,
        verb=verb,
        arguments=handed(moment, verb, because, "a message got no answer"),
    )
    action = Action(SHOW, "internal", connector, verb, "K", to="desk" if way == DESK else "owner")
    view = moment.view.bind(candidate=candidate)
    subject = f"profile:{held.candidate.profile_id}"
    return Option(candidate, view, action, held.want, because=because, limits=((limit, 1, subject),))


def _once(moment: Moment) -> str:
    """Ledger key of these words of this person on this day."""
    zone = text(moment.view, "person.zone", moment.playbook.settings.default_zone)
    words = " ".join(str(moment.heard.body.get("text", "")).split()).casefold()
    hashed = moment.house.ids.signal_id(SHOW, words)
    return f"{SHOW}:{moment.context.person_id}:{hashed}:{local_day(moment.now, zone)}"
