"""Words that try to be markup: none runs in a real Chromium, and each is shown to the code point."""

import asyncio
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

import segue
from tests.e2e.browsing import START, WORDS, Browser, as_demo, live, served

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
MORE = os.environ.get("SEGUE_NAUGHTY_STRINGS", "")
"""Path of a JSON list of more such strings, such as the big list of naughty strings."""

OWN = (
    "<script>document.title='ran'</script>",
    "</title></textarea></option><script>document.title='ran'</script>",
    '"><img src=x onerror="document.title=\'ran\'">',
    "' autofocus onfocus='document.title=`ran`' x='",
    "<svg/onload=document.title='ran'>",
    "<iframe srcdoc=\"<script>top.document.title='ran'</script>\">",
    "<meta http-equiv=refresh content='0;url=javascript:document.title=`ran`'>",
    "<base href='https://evil.example/'><form action=javascript:document.title='ran'>",
    "<style>*{background:url(https://evil.example/)}</style>",
    "javascript:document.title='ran'",
    "{{ 7 * 7 }}{% raw %}{{ self.__init__.__globals__ }}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "`<b>bold</b>` decision <i>0123456789abcdefghijklmnop</i>",
    "&lt;script&gt; &amp;amp; &#60;b&#62;",
    "<!-- --><![CDATA[ ]]><?php ?>",
    "\u202etxt.exe\u202c \u2066x\u2069 \ufeffbom \u200bzero",
    "Z̸̡̛͖a̴͍͝l̵̰͘g̷̨͑o̶͎͐ 👩‍👩‍👧‍👦 🇩🇪 ﷽ ﬁ",
    "مرحبا שלום こんにちは Ω≈ç√∫˜µ≤≥÷",
    "'; DROP TABLE decisions; --",
    "../../etc/passwd %00 %s %n C:\\NUL",
    " leading and trailing   inner \t tab",
    "line\nbreaks\n\nkept",
)
QUIET = "document.title"
ELEMENTS = frozenset({"script", "img", "iframe", "object", "embed", "base", "style", "b", "i", "video"})


def strings() -> tuple[str, ...]:
    """Our own naughty strings, and more where somebody names a list of them."""
    held = json.loads(Path(MORE).read_text(encoding="utf-8")) if MORE else []
    return (*OWN, *(text for text in held if text.strip()))


class Dom(HTMLParser):
    """Elements and attributes of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [name for name, _ in attrs]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("naughty") / "home"
    who = ["crm:7", "email:ann@x.io", "account:x"]
    more = [
        segue.Signal(
            f"chat {n}",
            f"n{n} {text[:60]}",
            "message.received",
            who,
            START - timedelta(seconds=n),
            {"channel": "chat", "text": text},
        )
        for n, text in enumerate(strings())
    ]
    facts = {"title": "\n".join(OWN[:6])}
    later = START + timedelta(seconds=1)
    more.append(segue.Signal("crm", "9", "profile.updated", who, later, {"facts": facts}))
    more.append(
        segue.Signal("crm", "10", "account.updated", ["account:x"], later, {"facts": {"name": OWN[2]}})
    )
    more.append(segue.Signal("crm", "9", "page.viewed", who, START, {"path": OWN[0], OWN[2]: OWN[4]}))
    asyncio.run(live(path, *more))
    as_demo(path)
    return path


@pytest.fixture(scope="module")
def port(home: Path) -> Iterator[int]:
    with served(home) as (number, _):
        yield number


def pages(browser: Browser) -> dict[str, str]:
    """A page of every kind that shows words from outside."""
    person = browser.get("/decisions").links("/people/")[0]
    words = (f"{link}/words" for link in browser.get(person).links("/signals/"))
    return {
        "today": "/",
        "person": person,
        "account": browser.get(person).links("/accounts/")[0],
        "receipt": browser.get("/decisions").links("/decisions/")[0],
        "approval": browser.get("/approvals").links("/approvals/")[0],
        "letters": "/dead-letters",
        "words": next(one for one in words if QUIET in browser.get(one).text),
    }


@pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed: apt-get install chromium")
@pytest.mark.parametrize("name", ["person", "approval", "letters", "account", "words"])
def test_no_word_runs_in_a_browser(port: int, tmp_path: Path, name: str) -> None:
    browser = Browser(port)
    path = pages(browser)[name]
    title = unescape(re.findall(r"<title>(.*?)</title>", browser.get(path).text, re.DOTALL)[0])

    done = subprocess.run(
        [
            *(CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
            *(f"--user-data-dir={tmp_path}", "--virtual-time-budget=500", "--dump-dom"),
            f"http://127.0.0.1:{port}{path}",
        ],
        capture_output=True,
        timeout=60,
        check=True,
    )
    html = done.stdout.decode()
    dom = Dom(html)
    shown = unescape(re.findall(r"<title>(.*?)</title>", html, re.DOTALL)[0])

    assert html.count(QUIET) > 0, "the page must show the words, not hide them"
    assert " ".join(shown.split()) == " ".join(title.split())
    assert ELEMENTS.intersection(dom.elements) == set()
    assert [item for item in dom.attributes if item.startswith("on") or item in {"style", "srcdoc"}] == []


def test_words_are_shown_to_the_code_point(port: int) -> None:
    browser = Browser(port)
    person = pages(browser)["person"]
    browser.send(person, "/reveal", whom=person.rpartition("/")[2])
    shown: list[str] = []
    path = person
    while path:
        text = browser.get(path).text
        shown += [unescape(item) for item in re.findall(r'<div class="text">(.*?)</div>', text, re.DOTALL)]
        path = next((link for link in re.findall(r'href="([^"]*before=\d+[^"]*)"', text)), "")
        path = unescape(path).partition("#")[0]

    lost = [text for text in strings() if text not in shown]

    assert lost == []


def test_marks_on_words_are_the_pages_own(port: int) -> None:
    browser = Browser(port)
    person = pages(browser)["person"]
    browser.send(person, "/reveal", whom=person.rpartition("/")[2])
    found = [browser.get(f"{link}/words") for link in browser.get(person).links("/signals/")]
    told = [answer.text for answer in found if answer.status == 200]

    words = [re.findall(r'<div class="marked"[^>]*>(.*?)</div>', text, re.DOTALL)[0] for text in told]
    plain = [unescape(re.sub(r"<sup>.*?</sup>|<[^>]+>", "", text, flags=re.DOTALL)) for text in words]

    assert len(told) >= len(OWN) // 2
    assert all(ELEMENTS.isdisjoint(Dom(text).elements) for text in told)
    assert not [
        one for text in told for one in Dom(text).attributes if one.startswith("on") or one == "style"
    ]
    assert set(plain) <= {*strings(), WORDS}
