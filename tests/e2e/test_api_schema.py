"""What the OpenAPI document says is what the API does: schemathesis asks as every role, with every check."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import segue
from segue.stores.doors import SCOPES
from tests.e2e.serving import Served, a_key, served

START = datetime.now(UTC) - timedelta(days=2)
WHO = ["crm:7", "email:ann@x.io", "account:x"]
EXAMPLES = 5
SAME = "^/(capture|e|i/v0/e|v1/(track|identify|group|page|screen))$"
"""Paths that share an operation with another one."""

CONFIG = """
[parameters]
"path.who" = "email:ann@x.io"
"path.play" = "service-desk"
"path.decision_id" = "{decision_id}"
"path.effect_id" = "{effect_id}"
"path.letter_id" = "{letter_id}"
"""


async def _live(path: Path) -> None:
    """A home in which something has happened, so that lists are not empty."""
    async with segue.open(path, clock=segue.VirtualClock(START)) as app:
        facts = {"name": "Ann Lee", "email": "ann@x.io"}
        text = {"channel": "email", "text": "Blub."}
        await app.submit(
            [
                segue.Signal("crm", "1", "profile.updated", WHO, START, {"facts": facts}),
                segue.Signal("mail", "2", "message.received", WHO, START, text),
                segue.Signal("web", "3", "page.viewed", WHO, START, {"path": 3}),
            ]
        )
        await app.settle(until=START + timedelta(hours=1))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("schema") / "home"
    asyncio.run(_live(path))
    return path


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Served]:
    with served(home) as found:
        found.key = a_key(home)
        yield found


@pytest.fixture(scope="module")
def document(server: Served) -> dict[str, Any]:
    found: dict[str, Any] = server.ask("GET", "/v1/openapi.json").json
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Method, path and scope of each operation."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            scope = re.search(r"scope is `(\w+)`", operation["description"])
            assert scope
            yield method.upper(), path, scope[1]


def real_ids(server: Served) -> dict[str, str]:
    decisions = server.ask("GET", "/v1/decisions").json["items"]
    receipts = [server.ask("GET", f"/v1/decisions/{item['id']}").json for item in decisions]
    (letter,) = server.ask("GET", "/v1/dead-letters").json["items"]
    return {
        "decision_id": decisions[0]["id"],
        "effect_id": next(effect["id"] for receipt in receipts for effect in receipt["effects"]),
        "letter_id": letter["id"],
    }


@pytest.mark.parametrize("scope", [scope for scope in SCOPES if scope != "record"])
def test_the_api_does_what_its_document_says(
    home: Path, server: Served, document: dict[str, Any], scope: str, tmp_path: Path
) -> None:
    own = {path for _, path, wanted in operations(document) if wanted == scope}
    paths = "|".join(re.escape(path) for path in sorted(own) if not re.match(SAME, path))
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG.format(**real_ids(server)))

    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"),
            f"http://127.0.0.1:{server.port}/v1/openapi.json",
            *("--header", f"Authorization: Bearer {a_key(home, scope)}", "--checks", "all"),
            *("--phases", "coverage,fuzzing", "--include-path-regex", f"^({paths})$"),
            *("--max-examples", str(EXAMPLES), "--seed", "7", "--no-color", "--request-timeout", "20"),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONWARNINGS": ""},
    )

    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]


def test_a_key_without_the_scope_opens_nothing(home: Path, server: Served, document: dict[str, Any]) -> None:
    holding = {"ingest": {"ingest", "record"}}  # A key with `record` holds `ingest` as well.
    keys = {
        scope: a_key(home, *(other for other in SCOPES if other not in holding.get(scope, {scope})))
        for scope in SCOPES
    }

    answers = [
        server.ask(method, re.sub(r"\{\w+\}", "x", path), {} if method != "GET" else None, key=keys[scope])
        for method, path, scope in operations(document)
    ]

    assert {answer.json["code"] for answer in answers} == {"forbidden"}


def test_every_operation_without_a_key_is_refused(server: Served, document: dict[str, Any]) -> None:
    answers = [
        server.ask(method, re.sub(r"\{\w+\}", "x", path), {} if method != "GET" else None, key="")
        for method, path, _ in operations(document)
    ]

    assert {(answer.status, answer.json["code"]) for answer in answers} == {(401, "unauthenticated")}
    assert all("Bearer" in answer.headers["www-authenticate"] for answer in answers)
