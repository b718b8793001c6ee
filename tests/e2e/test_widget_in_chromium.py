"""The widget in a real Chromium, on a website of another origin under the strictest policy."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.doors import served

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

NAUGHTY = "<img src=x onerror=alert(1)> \u202e {{7*7}}"
PATIENCE_S = 60
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --window-size=1000,800"
)
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>site</title>
<script src="{segue}/chat/widget.js" data-brand="acme" async></script>
<script src="/drive.js" defer></script></head><body><h1>A website</h1></body></html>"""
POLICY = (
    "default-src 'none'; script-src 'self' {segue}; connect-src 'self' {segue}; base-uri 'none'; "
    "require-trusted-types-for 'script'"
)
DRIVE = """
const violations = [];
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
window.alert = () => { document.title = "hacked"; };
const found = async (test) => {
  for (let n = 0; n < 400; n++) {
    const it = test();
    if (it) return it;
    await new Promise((r) => setTimeout(r, 50));
  }
  throw new Error("waited in vain: " + test);
};
(async () => {
  const root = (await found(() => document.querySelector("segue-chat"))).shadowRoot;
  const say = (text) => {
    const input = root.querySelector("textarea");
    input.value = text;
    input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, composed: true }));
  };
  const lines = () => [...root.querySelectorAll(".line")].map(
    (line) => [line.classList[1], line.lastChild.textContent]);
  root.querySelector(".open").click();
  const inside = root.activeElement.tagName;
  await found(() => root.querySelector(".notice"));
  say("Where is our data stored?");
  await found(() => root.querySelector(".segue"));
  say(NAUGHTY);
  await found(() => root.querySelectorAll(".visitor:not(.pending)").length === 2);
  const style = getComputedStyle(root.querySelector(".panel")).position;
  root.querySelector(".panel").dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  const told = { lines: lines(), violations, style, inside, title: document.title,
    hidden: root.querySelector(".panel").hidden, back: root.activeElement.className,
    kept: Object.keys(localStorage).length, cookies: document.cookie };
  await fetch("/report", { method: "POST", body: JSON.stringify(told) });
})().catch((error) => fetch("/report", { method: "POST", body: JSON.stringify({ error: String(error) }) }));
"""


class Site:
    """A website on loopback that serves one page and takes one report."""

    def __init__(self) -> None:
        self.segue = ""
        self.report: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        path = head.split(" ", 2)[1]
        if path == "/report":
            length = next(
                int(line.split(":")[1])
                for line in head.splitlines()
                if line.lower().startswith("content-length")
            )
            self.report.set_result(json.loads(await reader.readexactly(length)))
        drive = DRIVE.replace("NAUGHTY", json.dumps(NAUGHTY))
        body, kind = (
            (drive, "text/javascript")
            if path == "/drive.js"
            else (PAGE.format(segue=self.segue), "text/html")
        )
        policy = POLICY.format(segue=self.segue)
        writer.write(
            f"HTTP/1.1 200 OK\r\ncontent-type: {kind}; charset=utf-8\r\ncontent-security-policy: {policy}\r\n"
            f"content-length: {len(body.encode())}\r\nconnection: close\r\n\r\n{body}".encode()
        )
        await writer.drain()
        writer.close()


@asynccontextmanager
async def visited(home: Path, profile: Path) -> AsyncIterator[Site]:
    """A visitor's browser on the website, with Segue behind it."""
    site = Site()
    listening = await asyncio.start_server(site.answer, "127.0.0.1", 0)
    origin = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    async with listening, served(home, f"sites: ['{origin}']\n") as segue:
        site.segue = segue.url
        quiet = asyncio.subprocess.DEVNULL
        browser = await asyncio.create_subprocess_exec(
            str(CHROMIUM), *FLAGS.split(), f"--user-data-dir={profile}", origin, stdout=quiet, stderr=quiet
        )
        try:
            yield site
        finally:
            browser.kill()
            await browser.wait()


async def test_a_visitor_chats_under_a_strict_policy_and_no_text_becomes_markup(tmp_path: Path) -> None:
    async with visited(tmp_path / "home", tmp_path / "profile") as site:
        told = await asyncio.wait_for(site.report, PATIENCE_S)

    assert "error" not in told, told
    assert [by for by, _ in told["lines"]][:3] == ["notice", "visitor", "segue"]
    assert told["lines"][2][1].startswith("Data is stored in the EU")
    assert ["visitor", NAUGHTY] in told["lines"]
    assert (told["violations"], told["title"], told["cookies"]) == ([], "site", "")
    assert (told["style"], told["inside"], told["hidden"], told["back"]) == (
        "fixed",
        "TEXTAREA",
        True,
        "open",
    )
    assert told["kept"] == 1
