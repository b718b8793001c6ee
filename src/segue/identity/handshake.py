"""Handshake: a code offered to a known person in one channel joins the number that brings it back."""

from msgspec.structs import replace as changed

from segue.core.records.identity import KNOWN, PROVEN, UNKNOWN, Held, IdentityRules, Offer, Tie, Web
from segue.core.records.memory import Handshake
from segue.core.records.signals import Signal
from segue.identity.resolving import resolve

_NOBODY = Held("", 0)


def shaken(signal: Signal, code: str, web: Web, key: str, rules: IdentityRules) -> Handshake:
    """Whether a code that a message brought joins its sender to the person it was offered to.

    Args:
        signal: The message.
        code: Hash of the code.
        web: All evidence that hangs together with sender and offer.
        key: Hash of the identifier that the message came from.
        rules: The playbook's.

    Returns:
        `joined`, or what stands against it: `unknown`, `too_many` wrong ones, `expired`, `used` by another,
        the wrong `channel`, `known` as somebody else, or why evidence refuses it.
    """
    offer = web.offer or Offer()
    state = _against(signal, offer, web, key, rules)
    return Handshake(code, state, "" if state == "unknown" else offer.profile_id, key)


def _against(signal: Signal, offer: Offer, web: Web, key: str, rules: IdentityRules) -> str:
    if offer.attempts >= rules.code_attempts:
        return "too_many"
    if offer.profile_id not in web.profiles:
        return "unknown"
    if offer.used_by and offer.used_by != key:
        return "used"
    if offer.expires_at < signal.received_at and not offer.used_by:
        return "expired"
    if signal.body.get("channel") != offer.channel:
        return "channel"
    owner = web.profiles.get(web.owners.get(key, ""), _NOBODY)
    if owner.level > UNKNOWN and owner.person_id != web.profiles[offer.profile_id].person_id:
        return "known"
    if web.profiles[offer.profile_id].level < KNOWN:
        return "doubtful"
    return "joined"


def proven(web: Web, found: Handshake, tie: Tie, rules: IdentityRules) -> tuple[Handshake, Web]:
    """The web with what a handshake proves; without it where evidence says that both cannot be one."""
    if found.state != "joined":
        return found, web
    more = Tie(
        found.profile_id,
        tie.key,
        tie.namespace,
        anchor=False,
        first_at=tie.first_at,
        last_at=tie.last_at,
        trust=PROVEN,
    )
    known = [item for item in web.ties if (item.profile_id, item.key) != (more.profile_id, more.key)]
    joined = Web(
        ties=(*known, more),
        profiles=web.profiles,
        owners=web.owners,
        shared=web.shared,
        words=web.words,
        names=web.names,
        whole=web.whole,
    )
    why = resolve(joined, rules).refused.get((more.profile_id, more.key), "") if web.whole else "crowd"
    return (changed(found, state=why), web) if why else (found, joined)
