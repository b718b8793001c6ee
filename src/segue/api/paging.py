"""Paging: a cursor names the last item that was seen, so that pages neither repeat nor skip under writes."""

import re
from collections.abc import Callable, Iterable
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from segue.api.problems import Refusal

Limit = Annotated[int, Meta(ge=1, le=200, description="How many items at most.")]
Cursor = Annotated[
    str,
    Meta(
        pattern=r"^(|-?[0-9]{1,18}\.[0-9a-z]{1,40})$",
        description="The `next_cursor` of the page before; empty is the first page.",
    ),
]
Key = tuple[int, str]
T = TypeVar("T")

_CURSOR = re.compile(r"(-?[0-9]{1,18})\.([0-9a-z]{1,40})")


class PageQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which page."""

    limit: Limit = 50
    cursor: Cursor = ""


def key_of(cursor: str) -> Key | None:
    """The place a cursor names; None is the beginning.

    >>> key_of("12.abc"), key_of("")
    ((12, 'abc'), None)
    """
    if not cursor:
        return None
    form = _CURSOR.fullmatch(cursor)
    if form is None:
        raise Refusal(422, "shape", "cursor: send the `next_cursor` of the page before as it is")
    return int(form[1]), form[2]


def cursor_of(key: Key) -> str:
    """The cursor that reads on behind a place."""
    return f"{key[0]}.{key[1]}"


def page(
    items: Iterable[T], key: Callable[[T], Key], query: PageQuery, *, descending: bool
) -> tuple[list[T], str | None]:
    """One page of items, and the cursor of the next one.

    Args:
        items: All of them, in any order.
        key: A number and an id by which they are ordered; of one item always the same.
        query: Which page.
        descending: Whether the highest number comes first.
    """
    after = key_of(query.cursor)
    ordered = sorted(items, key=key, reverse=descending)
    if after is not None:
        ordered = [item for item in ordered if (key(item) < after if descending else key(item) > after)]
    shown = ordered[: query.limit]
    more = len(ordered) > query.limit
    return shown, cursor_of(key(shown[-1])) if more else None
