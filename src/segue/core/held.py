"""What a decision kept from going out that somebody wanted, by the names of the rules that did."""

from segue.core.records.decisions import Considered, Decision

_KEPT = ("reservation", "kill_switch", "breaker", "draft")
"""Stages besides policy at which a candidate is held back rather than not wanted."""


def kept_back(decision: Decision) -> tuple[str, ...]:
    """Name what held something back: rules by their name, other stages as `:stage`; empty where nothing was.

    A gate request that is held or denied counts, an effect refused at dispatch, and silence that came about
    because candidates were dropped by a rule, a limit, a switch or the draft check.
    """
    if decision.mode not in {"hold", "deny", "nothing"} and decision.question != "refused":
        return ()
    names = {name for item in decision.considered for name in _names(item)}
    if not names and (decision.mode in {"hold", "deny"} or decision.question == "refused"):
        names = {f":{decision.question}"}
    return tuple(sorted(names))


def _names(item: Considered) -> set[str]:
    if item.dropped_at == "policy":
        return {match.rule for match in item.verdict.matches if match.then in {"forbid", "defer"}}
    return {f":{item.dropped_at}"} if item.dropped_at in _KEPT else set()
