"""Hubs: identifiers that came with so many others that they are nobody's, whatever their namespace may link.

An import under one user id, or a helpdesk contact that stands for a whole mailbox, would hang everybody it
met into one web of evidence, too large to be read.
"""

from segue.core.records.identity import CLAIMED, NAMELESS, Web

MOST_OTHERS = 200
"""Other identifiers that name somebody; cookies and the like do not count, of which one person has many."""


def hubs_of(web: Web) -> frozenset[str]:
    """Identifiers that came with more than `MOST_OTHERS` others; what is merely claimed makes nobody a hub.

    Args:
        web: Evidence, as much of it as was read.
    """
    told = [tie for tie in web.ties if tie.trust != CLAIMED and tie.namespace not in NAMELESS]
    anchors = {tie.profile_id: tie.key for tie in told if tie.anchor}
    met: dict[str, set[str]] = {}
    for tie in told:
        anchor = anchors.get(tie.profile_id, tie.key)
        if anchor != tie.key:
            met.setdefault(tie.key, set()).add(anchor)
            met.setdefault(anchor, set()).add(tie.key)
    return frozenset(key for key, others in met.items() if len(others) > MOST_OTHERS) - web.shared
