"""Bodies: limits are counted while reading, and what is JSON is told from what is not."""

import gzip
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from segue.api import body
from segue.api.body import read_body
from segue.api.parsing import MAX_DEPTH, MAX_PARTS, parse
from segue.api.problems import Refusal


class Channel:
    """Gives a body part by part, and counts how far it was read."""

    def __init__(self, parts: Sequence[bytes], *, cut: bool = False) -> None:
        self.parts, self.cut, self.read = list(parts), cut, 0

    async def __call__(self) -> Any:
        self.read += 1
        if not self.parts:
            return {"type": "http.disconnect"}
        part = self.parts.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(self.parts) or self.cut}


async def refused(channel: Channel, declared: str = "") -> int:
    with pytest.raises(Refusal) as told:
        await read_body(channel, declared, most=1_000)
    return told.value.problem.status


@pytest.mark.parametrize("pieces", [1, 7, 1_000])
async def test_gzip_is_told_by_its_first_bytes_however_it_comes(pieces: int) -> None:
    raw = gzip.compress(b"x" * 900)

    plain = await read_body(Channel([b"{", b"}"]), "")
    found = await read_body(
        Channel([raw[i : i + pieces] for i in range(0, len(raw), pieces)]), "", most=1_000
    )

    assert (plain, found) == (b"{}", b"x" * 900)


async def test_a_limit_ends_the_reading() -> None:
    long, bomb = Channel([b"x" * 600] * 100), Channel([gzip.compress(b"0" * 100_000)[:60]] + [b"y"] * 100)

    assert [await refused(long), await refused(bomb)] == [413, 413]
    assert (long.read, bomb.read) == (2, 1)
    assert await refused(Channel([]), "1001") == 413


@pytest.mark.parametrize(
    "parts",
    [[b"\x1f\x8bno gzip at all"], [gzip.compress(b"{}")[:-3]], [gzip.compress(b"{}") + b"more"]],
    ids=["no gzip", "cut off", "more behind it"],
)
async def test_broken_gzip_is_said_so(parts: list[bytes]) -> None:
    assert await refused(Channel(parts)) == 400


async def test_a_body_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    monkeypatch.setattr(body, "PATIENCE_S", 0.01)

    async def never() -> Any:
        await asyncio.sleep(60)

    with pytest.raises(Refusal) as told:
        await read_body(never, "")

    assert told.value.problem.status == 408


async def test_a_client_that_hangs_up_is_no_failure_of_ours() -> None:
    assert await refused(Channel([b"{"], cut=True)) == 400


def test_numbers_are_kept_exactly() -> None:
    assert parse(b"[1.10, 1e400, 123456789012345678901234567890, -0.0]") == [
        Decimal("1.10"),
        Decimal("1e400"),
        123456789012345678901234567890,
        Decimal("-0.0"),
    ]


@pytest.mark.parametrize(
    "raw", [b"NaN", b"[Infinity]", b"", b"{", b"[1,]", b"\xff", b"'a'", b"1 2", b"9" * 5_000, b'"\x01"']
)
def test_what_is_not_json_is_400(raw: bytes) -> None:
    with pytest.raises(Refusal) as told:
        parse(raw)

    assert (told.value.problem.status, told.value.problem.code) == (400, "not_json")


def test_depth_is_limited_and_brackets_in_texts_are_not_counted() -> None:
    deepest = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    text = b'["' + b"[{" * 5_000 + b'\\"\\\\"]'

    assert parse(deepest)
    assert len(parse(text)[0]) == 10_002
    for deeper in (b"[" + deepest + b"]", b'{"a":' * 100 + b"1" + b"}" * 100, b"[" * 100_000):
        with pytest.raises(Refusal):
            parse(deeper)


def test_half_an_emoji_is_json() -> None:
    assert parse(b'{"a": "\\ud83d"}') == {"a": "\ud83d"}


def test_so_many_lists_and_objects_are_too_large_and_brackets_in_texts_are_none() -> None:
    most = b"[" + b",".join([b"[]", b"{}"] * (MAX_PARTS // 2 - 1)) + b',[],"' + b"[" * MAX_PARTS + b'"]'

    assert len(parse(most)) == MAX_PARTS
    with pytest.raises(Refusal) as refused:
        parse(most.replace(b",[]", b",[],[]", 1))
    assert refused.value.problem.status == 413
