"""Channel and sender of a candidate: the person's wish, else where they wrote last, else any address."""

from segue.core.records.playbook import Action, Playbook
from segue.core.records.signals import Kind
from segue.graph import FactView
from segue.planner.options import Moment
from segue.planner.reading import text

REACHED_BY = {
    "email": "person.email",
    "sms": "person.phone",
    "whatsapp": "person.phone",
    "chat": "person.chat",
}
"""Channel to the fact that holds its address."""


def channel_for(action: Action, moment: Moment) -> str:
    """The channel an action goes out on.

    A fixed channel stays; `same` is that of the message. `preferred` is, in this order: the channel that the
    message being answered asks for, its own, the channel the person asked for before, the one on record, the
    one they wrote on last, e-mail, SMS; each only where there is an address that has not just failed.
    """
    if action.channel == "same":
        return str(moment.heard.body.get("channel", ""))
    if action.channel != "preferred":
        return action.channel
    wishes = (
        _asked_for(moment),
        str(moment.heard.body.get("channel", "")) if moment.heard.kind is Kind.MESSAGE_RECEIVED else "",
        text(moment.view, "person.prefers_channel"),
        text(moment.view, "person.preferred_channel"),
        text(moment.view, "thread.last_inbound_channel"),
        "email",
        "sms",
    )
    avoided = moment.view("person.avoids_channels") or ()
    return next(
        (
            w
            for w in wishes
            if w and w not in (*_listed(avoided), *moment.tried) and reachable(w, moment.view)
        ),
        "email",
    )


def _asked_for(moment: Moment) -> str:
    """The channel that a message asks to be answered on, in its own words."""
    wishes = moment.percept.preferences if moment.percept is not None else ()
    return next((str(wish.value) for wish in wishes if wish.kind == "channel"), "")


def reachable(channel: str, view: FactView) -> bool:
    """Whether the person has an address for a channel, and nothing came back from it for good."""
    name = REACHED_BY.get(channel)
    return name is not None and bool(view(name)) and channel not in _listed(view("person.unreachable"))


def sender_for(action: Action, brand: str, playbook: Playbook) -> str:
    """The sender's name: the action's own where it speaks for this brand, else the brand's first."""
    own = playbook.senders.get(action.sender)
    if own is not None and own.brand in {"", brand}:
        return own.name
    rep = own is not None and own.rep
    same = (s.name for s in playbook.senders.values() if s.brand == brand and s.rep == rep)
    return next(same, action.sender)


def _listed(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, tuple | list | frozenset) else ()
