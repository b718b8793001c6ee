"""What systems of record told: profiles, accounts, tickets, meetings, consent and controls."""

from difflib import get_close_matches
from typing import TYPE_CHECKING

from segue.core.records.context import TENANT
from segue.core.records.playbook import FactSource, Playbook
from segue.graph.memory import Arrival, Memory, facts

if TYPE_CHECKING:
    from segue.core.records.memory import Trust

TRUSTS = ("verified", "claimed")
_CHAT = "chat"
"""An address that the chat alone may tell: who claims to have it would read what is meant for another."""

CONSENT_PURPOSES = ("commercial", "service")
"""Purposes one may consent to apart; what is mandatory or internal needs no consent."""


def profile_updated(arrival: Arrival) -> Memory:
    """Declared facts about the person."""
    return _updated(arrival, f"profile:{arrival.profile_id}", "person")


def account_updated(arrival: Arrival) -> Memory:
    """Declared facts about the account."""
    return _updated(arrival, f"account:{arrival.account_id}", "account")


def stored_facts(playbook: Playbook, root: str) -> dict[str, FactSource]:
    """The facts a playbook declares as stored about `person` or `account`, by predicate."""
    return {
        source.predicate: source
        for source in playbook.facts.values()
        if source.gathering == "stored" and source.name.startswith(f"{root}.")
    }


def _updated(arrival: Arrival, subject: str, root: str) -> Memory:
    """Keep the declared facts; what nobody declared is not remembered."""
    declared = stored_facts(arrival.playbook, root)
    if arrival.signal.trust == "claimed":
        declared.pop(_CHAT, None)
    rates = arrival.playbook.settings.rates
    return facts(
        arrival.fact(
            subject, predicate, arrival.body.fact(f"facts.{predicate}", value, declared[predicate], rates)
        )
        for predicate, value in arrival.body.mapping("facts").items()
        if predicate in declared
    )


def ticket_opened(arrival: Arrival) -> Memory:
    """A ticket is open on person and account; its text is a message."""
    body = arrival.body
    ticket, topic, text = body.text("ticket"), body.text("topic"), body.optional("text")
    opened = facts(arrival.fact(subject, "ticket", topic, qualifier=ticket) for subject in arrival.subjects)
    if not text or not arrival.context.profile_id:
        return opened
    return opened + Memory(messages=(arrival.message_in("ticket", text, thread=ticket),))


def ticket_solved(arrival: Arrival) -> Memory:
    """The ticket is open no longer, and when it was solved is known."""
    ticket = arrival.body.text("ticket")
    told = arrival.body.optional("topic")
    known = (f for f in arrival.context.facts if (f.predicate, f.qualifier) == ("ticket", ticket))
    topic = told or next((str(fact.value) for fact in known), "")
    holders = arrival.holders("ticket", ticket)
    ended = facts(arrival.fact(subject, "ticket", None, qualifier=ticket) for subject in holders)
    return ended + facts(
        arrival.fact(subject, "ticket_solved", topic, qualifier=ticket) for subject in holders
    )


def meeting_set(arrival: Arrival) -> Memory:
    """A meeting was booked or moved, for everybody in the lane who has it."""
    meeting, starts_at = arrival.body.text("meeting"), arrival.body.instant("starts_at")
    holders = arrival.holders("meeting", meeting)
    return facts(arrival.fact(subject, "meeting", starts_at, qualifier=meeting) for subject in holders)


def meeting_cancelled(arrival: Arrival) -> Memory:
    """The meeting is off, for everybody in the lane who has it."""
    meeting = arrival.body.text("meeting")
    holders = arrival.holders("meeting", meeting)
    return facts(arrival.fact(subject, "meeting", None, qualifier=meeting) for subject in holders)


def consent_changed(arrival: Arrival) -> Memory:
    """Consent was given or taken back, for one brand or for all; a mere claim takes back and gives none."""
    body = arrival.body
    state = body.choice("state", ("granted", "withdrawn"))
    predicate, brand = f"consent.{body.channel('all')}", body.optional("brand")
    purpose = body.optional("purpose")
    if purpose and (state == "granted" or purpose in CONSENT_PURPOSES):
        # Whoever takes back more than Segue can tell apart takes back everything.
        predicate = f"{predicate}.{body.choice('purpose', CONSENT_PURPOSES)}"
    trust: Trust = "claimed" if body.choice("trust", TRUSTS, "verified") == "claimed" else "verified"
    subject = f"profile:{arrival.profile_id}"
    return facts((arrival.fact(subject, predicate, state, qualifier=brand, trust=trust),))


def control_changed(arrival: Arrival) -> Memory:
    """A human threw the kill switch, or paused or resumed a play."""
    body = arrival.body
    body.text("by")
    made = []
    if body.has("kill_switch"):
        made.append(arrival.fact(TENANT, "kill_switch", body.boolean("kill_switch")))
    if body.has("pause"):
        made.append(arrival.fact(TENANT, "paused", value=True, qualifier=_play(arrival, body.text("pause"))))
    if body.has("resume"):
        made.append(arrival.fact(TENANT, "paused", None, qualifier=body.text("resume")))
    if not made:
        raise body.error("kill_switch", "is missing, and so are `pause` and `resume`")
    return facts(made)


def _play(arrival: Arrival, name: str) -> str:
    plays = arrival.playbook.plays
    if name not in plays:
        near = get_close_matches(name, sorted(plays), n=1)
        hint = f"; did you mean `{near[0]}`?" if near else ""
        raise arrival.body.error("pause", f"names no play: `{name}`{hint}")
    return name
