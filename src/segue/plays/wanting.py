"""What a step wants read beside the lane's own rows: counts for detectors, counted facts and the breaker."""

from collections.abc import Iterator
from typing import Final

from segue.core.records.context import TENANT, Wants
from segue.core.records.heard import carried, is_understood_now
from segue.core.records.memory import Links
from segue.core.records.ownership import takes_over
from segue.core.records.parking import lifted_by
from segue.core.records.playbook import Detector, Playbook
from segue.core.records.signals import Kind, Signal
from segue.core.units import HOUR
from segue.core.zones import local_day
from segue.plays.counters import counters_of, said_day
from segue.plays.listening import could_wake
from segue.plays.usage import days_back

WEEK_HOURS: Final = 168
_ALWAYS_ASK: Final = frozenset(
    {
        Kind.GATE_REQUESTED,
        Kind.APPROVAL_GIVEN,
        Kind.APPROVAL_REJECTED,
        Kind.EFFECT_REFUSED,
        Kind.TIMER_FIRED,
    }
)
"""Kinds that may lead to a decision whatever the plays listen to."""

_QUIET: Final = frozenset(
    {
        Kind.PAGE_VIEWED,
        Kind.LINK_CLICKED,
        Kind.MAIL_OPENED,
        Kind.USAGE_RECORDED,
        Kind.EVENT_TRACKED,
        Kind.PROFILE_UPDATED,
        Kind.ACCOUNT_UPDATED,
        Kind.TICKET_OPENED,
        Kind.TICKET_SOLVED,
        Kind.MESSAGE_SENT,
        Kind.CONSENT_CHANGED,
        Kind.DETECTOR_FIRED,
    }
)
"""Kinds that add to memory alone, unless a play listens or a goal is open."""

_READ_AGAIN: Final = frozenset({Kind.MESSAGE_RECEIVED, Kind.FORM_SUBMITTED})
"""Kinds that a language model may be asked about, within the budgets of all."""

_OF_ALL: Final = frozenset({Kind.TICKET_SOLVED, Kind.MESSAGE_SENT, Kind.CONSENT_CHANGED})
"""Of these, kinds whose memory or touch may depend on other contacts of the account."""
_FREES_ROOM: Final = frozenset(
    {Kind.GATE_RELEASED, Kind.EFFECT_REFUSED, Kind.APPROVAL_GIVEN, Kind.APPROVAL_REJECTED}
)
"""Kinds that may give back what was reserved, so that what others of the account have on hold may go."""


def wants(signal: Signal, links: Links, playbook: Playbook) -> Wants:
    """Tell what to read for a signal, from the signal and the playbook alone.

    Counts are wanted for the detectors on the counters it moves and, where a decision may fall, for
    counted facts and for each play's choices of the past week by the hour (`hour:chosen:PLAY`).
    A history signal wants nothing but its effect: it never acts.
    """
    effect_id = str(signal.body.get("effect", ""))
    if signal.history:
        return Wants(effect_id=effect_id)
    heard = carried(signal) if is_understood_now(signal) else None
    told = heard.signal if heard else signal
    woken = [play.name for play in playbook.plays.values() if could_wake(play, told)]
    always = signal.kind in _ALWAYS_ASK
    counts = set(_for_detectors(signal, links, playbook))
    if woken or always:
        counts |= set(_for_facts(signal, links, playbook))
        hour = signal.received_at // HOUR - WEEK_HOURS
        counts |= {(TENANT, f"hour:chosen:{name}", hour) for name in (playbook.plays if always else woken)}
    asks = bool(woken or always)
    taken = takes_over(signal)
    quiet = not asks and not effect_id and not taken and signal.kind in _QUIET
    return Wants(
        tuple(sorted(counts)),
        tenant_totals=asks
        or (taken and not links.profile_id)  # of a whole account: what waits for everybody there
        or (playbook.settings.llm is not None and signal.kind in _READ_AGAIN),
        effect_id=effect_id,
        open_effects=_ends_an_approval(signal) or heard is not None or taken,
        drafts=taken,
        quiet=quiet,
        alone=quiet and signal.kind not in _OF_ALL,
        gate=_gate(signal),
        parked_for=lifted_by(signal),
        timers_of_contacts=_frees_room(signal),
        country=playbook.settings.default_country,
    )


def _ends_an_approval(signal: Signal) -> bool:
    """Whether a draft is decided: what still waits to tell a human of it is then needless."""
    return "approval" in signal.body and signal.body.get("timer_kind") != "remind"


def _frees_room(signal: Signal) -> bool:
    """Whether a signal may give back what was reserved."""
    match signal.kind:
        case Kind.EFFECT_SETTLED:
            return signal.body.get("state") == "failed"
        case Kind.GATE_REQUESTED:
            return bool(signal.trigger)
        case Kind.TIMER_FIRED:
            return signal.body.get("timer_kind") in {"approved", "expire"}
        case _:
            return signal.kind in _FREES_ROOM


def _gate(signal: Signal) -> tuple[str, str] | tuple[()]:
    """Source and key of a gate request that was asked before and is looked at again."""
    if signal.kind is Kind.GATE_REQUESTED and signal.trigger:
        return signal.source, str(signal.body["key"])
    if signal.kind is Kind.TIMER_FIRED and signal.body.get("timer_kind") == "hold":
        request = signal.body["request"]
        return str(request["source"]), str(request["body"]["key"])
    return ()


def _for_detectors(signal: Signal, links: Links, playbook: Playbook) -> Iterator[tuple[str, str, int]]:
    moved = counters_of(signal)
    if not moved:
        return
    # The person's zone is not known yet: a day earlier covers every zone.
    day = (said_day(signal) or local_day(signal.occurred_at, "UTC")) - 1
    for detector in playbook.detectors.values():
        if detector.counter in moved and detector.type in {"usage_dropped", "count"}:
            for subject in _subjects(detector.scope, links):
                yield subject, detector.counter, day - _reach(detector)
            if detector.type == "usage_dropped":
                yield TENANT, detector.counter, day - _reach(detector)


def _reach(detector: Detector) -> int:
    return days_back(detector.settings) if detector.type == "usage_dropped" else detector.settings["days"]


def _for_facts(signal: Signal, links: Links, playbook: Playbook) -> Iterator[tuple[str, str, int]]:
    today = local_day(signal.received_at, "UTC")
    for source in playbook.facts.values():
        if source.gathering == "counted":
            for subject in _subjects(source.name.partition(".")[0], links):
                yield subject, source.counter, today - source.days


def _subjects(root: str, links: Links) -> tuple[str, ...]:
    """Whose counts: the account's, or those of the signal's profile and of the person's earliest."""
    if root == "account":
        return (f"account:{links.account_id}",) if links.account_id else ()
    return tuple(f"profile:{profile}" for profile in sorted({links.profile_id, links.person_id} - {""}))
