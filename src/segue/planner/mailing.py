"""What a mail needs besides its words: its thread, its sender's name, and the way out of a subscription."""

from typing import Any

from segue.core.ids import derive
from segue.core.records.signals import Kind
from segue.planner.blanks import sender_name
from segue.planner.options import Moment, Option
from segue.planner.reading import text
from segue.privacy.links import Subscription, sign

EMAIL = "email"
COMMERCIAL = "commercial"
_CHOSEN = frozenset({COMMERCIAL, "service"})
_REFERENCES_AT_MOST = 20


def mailed(moment: Moment, option: Option) -> dict[str, Any]:
    """Further arguments of an e-mail; none on other channels.

    A mail that answers a mail stands in its thread and keeps the subject that Segue itself began it with: a
    subject that somebody else wrote is never repeated, since anybody can write a mail in anybody's name.
    """
    if option.candidate.channel != EMAIL:
        return {}
    found = {"from_name": sender_name(moment, option), **_thread(moment), **_way_out(moment, option)}
    return {name: value for name, value in found.items() if value}


def _thread(moment: Moment) -> dict[str, Any]:
    body = moment.heard.body
    answered = body.get("message_id")
    if moment.heard.kind is not Kind.MESSAGE_RECEIVED or body.get("channel") != EMAIL or not answered:
        return {}
    known = body.get("references")
    references = [str(item) for item in known] if isinstance(known, list) else []
    found = {
        "thread": str(body.get("thread") or ""),
        "in_reply_to": str(answered),
        "references": [*references[1 - _REFERENCES_AT_MOST :], str(answered)],
        "subject": _own_subject(moment, str(body.get("thread") or "")),
    }
    return {name: value for name, value in found.items() if value}


def _own_subject(moment: Moment, thread: str) -> str:
    """The subject of Segue's own mail in this thread, as that of an answer; empty where there is none."""
    key = derive("thread", EMAIL, thread)
    own = (item.subject for item in moment.context.messages if item.thread == key and item.by == "segue")
    subject = next((item for item in own if item), "") if thread else ""
    return subject if not subject or subject.startswith("Re: ") else f"Re: {subject}"


def _way_out(moment: Moment, option: Option) -> dict[str, Any]:
    """A customer's mail leads to the page where they choose; commercial mail unsubscribes, too (RFC 8058).

    Both by a signed token. What must be said, such as the confirmation of an opt-out, offers no choice.
    """
    candidate = option.candidate
    if candidate.purpose not in _CHOSEN or not candidate.profile_id:
        return {}
    subscription = Subscription(candidate.profile_id, candidate.brand, candidate.purpose, EMAIL)
    token, base = sign(moment.house.ids, subscription), moment.playbook.settings.public_base_url
    page = f"{base}/u/{token}" if base else ""
    found = {"preferences_url": page, "language": text(option.view, "person.language") if page else ""}
    if candidate.purpose == COMMERCIAL:
        found |= {"purpose": COMMERCIAL, "unsubscribe": token, "unsubscribe_url": page}
    return found
