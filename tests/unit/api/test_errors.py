"""Problems and pages: a status by what the caller does next, and cursors that stay where they were."""

import pytest

from segue.api.paging import PageQuery, cursor_of, key_of, page
from segue.api.problems import Refusal, refusal_of
from segue.core.errors import (
    BusyError,
    ConflictError,
    InputError,
    IntegrityError,
    LockedError,
    MissingError,
    SegueError,
    SignalError,
    StorageError,
)


@pytest.mark.parametrize(
    ("error", "status", "again"),
    [
        (InputError("x"), 422, False),
        (SignalError("x"), 422, False),
        (MissingError("x"), 404, False),
        (ConflictError("x"), 409, False),
        (BusyError("x"), 429, True),
        (StorageError("x"), 503, True),
        (LockedError("x"), 503, True),
        (IntegrityError("x"), 500, False),
    ],
)
def test_the_status_says_what_to_do_next(error: SegueError, status: int, *, again: bool) -> None:
    refusal = refusal_of(error)

    assert (refusal.problem.status, refusal.problem.code) == (status, error.code)
    assert ("retry-after" in refusal.headers) == again


def test_pages_read_on_behind_the_last_item_whatever_comes_in() -> None:
    items = [(n, f"id{n}") for n in range(5)]

    first, cursor = page(items, lambda item: item, PageQuery(2), descending=True)
    items += [(9, "id9"), (3, "idz")]
    second, _ = page(items, lambda item: item, PageQuery(2, cursor or ""), descending=True)

    assert (first, second) == ([(4, "id4"), (3, "id3")], [(2, "id2"), (1, "id1")])
    assert page(items[:2], lambda item: item, PageQuery(2), descending=False) == (items[:2], None)


def test_a_cursor_is_what_it_was() -> None:
    assert key_of(cursor_of((-7, "ab"))) == (-7, "ab")
    with pytest.raises(Refusal):
        key_of("nowhere")
