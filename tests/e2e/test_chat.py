"""The chat over HTTP: welcome websites only, replies as they fall, and nothing twice."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from segue.portal.assets import asset
from segue.privacy.vouching import signature
from tests.e2e.doors import Served, served

SITE = "https://www.example.com"
NAUGHTY = [
    "<script>alert(1)</script>",
    "اَلْعَرَبِيَّةُ",
    "\U0001f469\u200d\U0001f467 \u202etest",
    "' OR 1=1 --",
    "{{ 7 * 7 }}",
    "a\nb\r\nid: 9\ndata: x",
]


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path / "home", f"sites: ['{SITE}']\n") as found:
        yield found


async def enter(site: Served, **body: str) -> dict[str, Any]:
    answer = await site.client.post("/chat/enter", json=body, headers={"origin": SITE})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def say(site: Served, token: str, key: str, text: str) -> Any:
    headers = {"origin": SITE, "authorization": f"Bearer {token}"}
    return await site.client.post("/chat/messages", json={"id": key, "text": text}, headers=headers)


async def heard(site: Served, token: str, until: int, after: int = 0) -> list[dict[str, Any]]:
    """Lines of the stream up to the `until`-th."""
    headers = {"origin": SITE, "authorization": f"Bearer {token}", "last-event-id": str(after)}
    lines: list[dict[str, Any]] = []
    async with site.client.stream("GET", "/chat/stream", headers=headers) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        async for line in stream.aiter_lines():
            if line.startswith("data: "):
                lines.append(json.loads(line.removeprefix("data: ")))
            if lines and lines[-1]["n"] >= until:
                break
    return lines


async def test_a_message_is_answered_on_the_stream_and_read_on_from_the_last_line(site: Served) -> None:
    token = (await enter(site, brand="acme"))["token"]
    waiting = asyncio.create_task(heard(site, token, until=3))

    said = await say(site, token, "m1", "Where is our data stored?")
    lines = await waiting

    assert said.json() == {"n": 2, "id": "m1"}
    assert [line["by"] for line in lines] == ["notice", "visitor", "segue"]
    assert lines[2]["text"].startswith("Data is stored in the EU")
    assert [line["n"] for line in await heard(site, token, until=3, after=2)] == [3]


async def test_a_message_sent_again_is_taken_in_once(site: Served) -> None:
    token = (await enter(site))["token"]

    answers = [await say(site, token, "m1", "Where is our data stored?") for _ in range(3)]
    lines = await heard(site, token, until=3)
    other = await say(site, token, "m1", "Other words")

    assert [answer.json()["n"] for answer in answers] == [2, 2, 2]
    assert [line["by"] for line in lines] == ["notice", "visitor", "segue"]
    assert other.status_code == 409


@pytest.mark.parametrize("text", NAUGHTY)
async def test_any_text_comes_back_as_it_was(site: Served, text: str) -> None:
    token = (await enter(site))["token"]

    await say(site, token, "m1", text)
    lines = await heard(site, token, until=2)

    assert lines[1]["text"] == text


async def test_only_welcome_websites_are_spoken_to(site: Served) -> None:
    for origin, status in ((SITE, 200), ("https://evil.example", 403), ("null", 403), (site.url, 200)):
        answer = await site.client.post("/chat/enter", json={}, headers={"origin": origin})
        asked = await site.client.options("/chat/enter", headers={"origin": origin})

        assert answer.status_code == status
        allowed = origin if status == 200 else None
        assert answer.headers.get("access-control-allow-origin") == allowed
        assert asked.headers.get("access-control-allow-origin") == allowed
        assert "access-control-allow-credentials" not in answer.headers


async def test_a_site_vouches_with_its_secret_and_no_other_site_can(site: Served) -> None:
    secret = site.door.chat.secret_of(SITE)

    known = await enter(site, user="42", identity=signature(secret, "42"))
    forged = await enter(site, user="42", identity=signature(site.door.chat.secret_of(site.url), "42"))

    assert (known["known"], forged["known"]) == (True, False)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'{"x":' * 5_000, 400),
        (b'{"id": NaN, "text": "x"}', 400),
        (b"[]", 422),
        (b'{"id": "m1"}', 422),
        (b'{"id": "m1", "text": 7}', 422),
        (b'{"id": "m 1", "text": "x"}', 422),
        (b'{"id": "m1", "text": "%s"}' % (b"x" * 4_001), 422),
        (b'{"id": "m1", "text": "%s"}' % (b"x" * 40_000), 413),
    ],
)
async def test_what_is_wrong_with_a_body_is_told_where_a_script_may_read_it(
    site: Served, body: bytes, status: int
) -> None:
    token = (await enter(site))["token"]
    headers = {"origin": SITE, "authorization": f"Bearer {token}"}

    answer = await site.client.post("/chat/messages", content=body, headers=headers)

    assert answer.status_code == status, answer.text
    assert answer.json()["detail"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == SITE


@pytest.mark.parametrize("path", ["/chat/messages", "/chat/link", "/chat/stream"])
async def test_without_a_token_there_is_no_conversation(site: Served, path: str) -> None:
    method = "GET" if path == "/chat/stream" else "POST"
    for token in ("", "Bearer x", "Basic x"):
        answer = await site.client.request(method, path, headers={"origin": SITE, "authorization": token})

        assert answer.status_code == 404


async def test_who_writes_too_much_is_told_when_to_go_on(site: Served) -> None:
    token = (await enter(site))["token"]

    answers = [await say(site, token, f"m{n}", "Thanks!") for n in range(14)]

    assert {answer.status_code for answer in answers[:12]} == {200}
    assert answers[-1].status_code == 429
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60


async def test_what_is_refused_uses_up_nothing_of_what_a_visitor_may_say(site: Served) -> None:
    token = (await enter(site))["token"]

    refused = [await say(site, token, f"bad {n}", "Thanks!") for n in range(14)]
    taken = await say(site, token, "m1", "Thanks!")

    assert {answer.status_code for answer in refused} == {422}
    assert taken.status_code == 200


async def test_a_link_opens_the_conversation_elsewhere(site: Served) -> None:
    first = await enter(site)
    headers = {"origin": SITE, "authorization": f"Bearer {first['token']}"}
    link = (await site.client.post("/chat/link", json={}, headers=headers)).json()["link"]

    joined = await enter(site, link=link)

    assert joined["joined"]
    assert joined["conversation"] == first["conversation"]


async def test_streams_end_by_themselves_when_the_server_stops(tmp_path: Path) -> None:
    async with served(tmp_path / "home", f"sites: ['{SITE}']\n") as site:
        token = (await enter(site))["token"]
        waiting = asyncio.create_task(heard(site, token, until=9))
        async with asyncio.timeout(10):
            while site.door.chat.chat.listeners() == 0:  # noqa: ASYNC110 - nothing else tells of it
                await asyncio.sleep(0.01)
        site.door.closing.set()

        assert [line["by"] for line in await asyncio.wait_for(waiting, 10)] == ["notice"]


async def test_the_widget_is_small_and_may_stand_on_any_site(site: Served) -> None:
    answer = await site.client.get("/chat/widget.js")

    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert len(gzip.compress(answer.content)) <= 15 * 1024
    for word in ("innerHTML", "eval(", "document.cookie", "Function("):
        assert word not in asset("widget.js")


async def test_the_demo_page_stands_only_where_the_story_is(site: Served, tmp_path: Path) -> None:
    assert (await site.client.get("/chat/demo")).status_code == 404

    home = tmp_path / "story"
    async with served(home) as plain:
        assert (await plain.client.get("/chat/demo")).status_code == 404
    (home / "demo.json").write_text("{}", encoding="utf-8")
    async with served(home) as story:
        page = await story.client.get("/chat/demo")

    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "data-identity" not in page.text
