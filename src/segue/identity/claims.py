"""Claims: whom evidence that anybody could have sent may join.

A web page tells that this visitor is that user, and nobody vouches for it. So a claim joins what is nameless,
such as a cookie, and what is new; it never makes one person of two who are both known by name, as a shared
browser or whoever wants to read another's mail would.
"""

from collections.abc import Set as AbstractSet

from segue.core.records.identity import NAMELESS

_ADDRESSES = frozenset({"email", "phone"})
_ID_ALONE = frozenset({"user"})
"""Whoever is known by the site's own id alone has nothing that another could be sent: an alias joins it."""


def clash(own: AbstractSet[str], theirs: AbstractSet[str], by: str, *, is_new: bool) -> bool:
    """Whether two names speak of two people, as far as anybody can tell.

    Args:
        own: By what the one is known: namespaces, `email` and `phone` where on record.
        theirs: By what the other is.
        by: Namespace of the identifier that a claim joins them by.
        is_new: Whether that identifier stands alone.

    >>> (
    ...     clash({"user"}, {"user", "email"}, "cookie", is_new=False),
    ...     clash({"email"}, {"phone"}, "phone", is_new=True),
    ... )
    (True, False)
    """
    shared = own & theirs
    if is_new:
        return bool(shared & _ADDRESSES)
    return bool(shared) and (by in NAMELESS or _ID_ALONE not in (own, theirs))
