"""The API as machines meet it: a real server on loopback, real limits, and what was accepted is there."""

import asyncio
import base64
import gzip
import json
import shutil
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import segue
from segue.bootstrap import create_home, read_home
from segue.cli.commands import app
from segue.core.ids import IdKey
from segue.privacy.links import Subscription, sign
from tests.e2e.serving import Answered, Served, a_key, peak_kb, served

PROBLEM = "application/problem+json"
QUICK_S = 1.0
"""Far above the 100 ms that are promised on a quiet machine; benchmarks measure, tests catch the absurd."""

NAUGHTY = [
    "",
    "undefined",
    "ЁЂЃЄЅІЇЈЉЊЋЌЍЎЏ",
    "社會科學院語學研究所",
    "ÅÍÎÏ˝ÓÔÒÚÆ☃",
    "\u0000\u0001\u001f\u007f\u0085\u00a0",
    "\u200b\ufeff\u2028\u2029",
    "\u202etest\u202c",
    "Z̮̞̠͙͔ͅḀ̗̞͈̻̗A͎̯̹̞͓L̨̛G̦Ơ",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "e\u0301 is not \u00e9",
    "'; DROP TABLE users; --",
    "<script>alert(1)</script>",
    "$(touch /tmp/x) `id` %s {0} {{7*7}}",
    "../../../../etc/passwd",
    "  spaces \t\r\n around  ",
    '\\\\" \\u0000',
    "1e999",
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return create_home(tmp_path_factory.mktemp("api") / "home").path


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Served]:
    with served(home) as found:
        found.key = a_key(home)
        yield found


def a_message(number: int, **more: Any) -> dict[str, Any]:
    message = {"type": "track", "event": "Report Shared", "userId": "u1", "messageId": f"m{number}"}
    return message | more


def a_signal(name: str, **more: Any) -> dict[str, Any]:
    signal = {
        "source": "tests",
        "source_id": name,
        "kind": "message.received",
        "identifiers": [f"user:{name}"],
        "body": {"channel": "email", "text": name},
    }
    return signal | more


def until(question: Any, seconds: float = 20) -> Any:
    """Ask until the answer is true."""
    ends_at = time.monotonic() + seconds
    while not (found := question()) and time.monotonic() < ends_at:
        time.sleep(0.05)
    return found


# --- limits --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/signals", "/v1/cloudevents", "/batch/"])
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b" " * 50_000_000, 413),
        (gzip.compress(b"0" * 50_000_000), 413),
        (b'{"batch": [NaN]}', 400),
        (b'{"n": Infinity}', 400),
        (b"[" * 10_000 + b"]" * 10_000, 400),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 400),
        (b"\xff\xfe", 400),
        (b"", 400),
        (b"no json", 400),
        (b"\x1f\x8b not gzip", 400),
        (gzip.compress(b"{}" * 40)[:-4], 400),
    ],
    ids=["50 MB", "bomb", "NaN", "Infinity", "deep", "deep too", "bytes", "empty", "text", "magic", "cut"],
)
def test_what_is_too_large_or_no_json_is_said_so_at_once(
    server: Served, path: str, body: bytes, status: int
) -> None:
    before, began = peak_kb(server), time.monotonic()

    answer = server.ask("POST", path, body)

    assert (answer.status, answer.headers["content-type"]) == (status, PROBLEM)
    assert answer.json["code"] in {"too_large", "not_json", "not_gzip"}
    assert time.monotonic() - began < QUICK_S
    assert peak_kb(server) - before < 200_000


def test_a_large_body_of_unknown_length_is_counted_while_it_is_read(server: Served) -> None:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    parts = (b" " * 65_536 for _ in range(50_000_000 // 65_536))

    connection.request(
        "POST", "/v1/batch", parts, {"Authorization": f"Bearer {server.key}"}, encode_chunked=True
    )

    assert connection.getresponse().status == 413
    connection.close()


def test_too_many_or_too_large_events_are_told_apart(server: Served) -> None:
    many = {"batch": [a_message(n, event="E") for n in range(2_501)]}
    large = {"batch": [a_message(1, properties={"x": "x" * 33_000}), a_message(2)]}

    refused, taken = server.ask("POST", "/v1/batch", many), server.ask("POST", "/v1/batch", large)

    assert (refused.status, refused.json["code"]) == (413, "too_large")
    assert taken.status == 200
    assert [(error["index"], error["id"]) for error in taken.json["errors"]] == [(0, "m1")]


@pytest.mark.parametrize(
    "body", [3, "x", None, [], {}, {"batch": 3}, {"batch": [3]}, {"batch": [{"type": "no"}]}]
)
def test_segment_gets_200_for_whatever_parses(server: Served, body: object) -> None:
    answer = server.ask("POST", "/v1/batch", json.dumps(body).encode())

    assert answer.status == 200
    assert answer.json["errors"][0]["code"] == "signal"


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "source"),
        (a_signal("x", kind="message.recieved"), "$.kind"),
        (a_signal("x", kind="timer.fired"), "$.kind"),
        (a_signal("x", identifiers=[]), "$.identifiers"),
        (a_signal("x", occurred_at="yesterday"), "$.occurred_at"),
        (a_signal("x", occurred_at="2026-01-01T00:00:00"), "$.occurred_at"),
        (a_signal("x", sauce="y"), "sauce"),
        ([a_signal("x"), {"source": 3}], "[1]"),
        ([], "length"),
    ],
)
def test_native_routes_name_what_is_of_the_wrong_shape(server: Served, body: object, where: str) -> None:
    answer = server.ask("POST", "/v1/signals", body)

    assert (answer.status, answer.json["code"]) == (422, "shape")
    assert where in answer.json["detail"]


def test_slow_headers_end_and_hinder_nobody(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as slow:
        slow.sendall(b"POST /v1/batch HTTP/1.1\r\nHost: localhost\r\n")

        assert server.ask("GET", "/healthz").status == 200
        assert slow.recv(1) == b""


# --- methods and keys ------------------------------------------------------------------------------------


def test_head_and_options_are_answered(server: Served) -> None:
    head, options = server.ask("HEAD", "/v1/decisions"), server.ask("OPTIONS", "/v1/signals")

    assert (head.status, head.body) == (200, b"")
    assert options.status == 204
    assert set(options.headers["allow"].split(", ")) == {"POST", "OPTIONS"}


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/v1/decisions"), ("GET", "/v1/batch")])
def test_a_method_that_is_not_taken_is_named(server: Served, method: str, path: str) -> None:
    answer = server.ask(method, path)

    assert (answer.status, answer.json["code"]) == (405, "method")
    assert answer.headers["allow"]


def test_keys_come_as_bearer_as_user_name_and_in_the_body(server: Served) -> None:
    basic = {"Authorization": f"Basic {base64.b64encode(f'{server.key}:'.encode()).decode()}"}
    event = {"event": "Shared", "distinct_id": "d1", "uuid": "p1"}

    answers = [
        server.ask("POST", "/v1/batch", {"batch": []}, key=server.key),
        server.ask("POST", "/v1/batch", {"batch": []}, basic, key=""),
        server.ask("POST", "/v1/track", {**a_message(70), "writeKey": server.key}, key=""),
        server.ask("POST", "/batch/", {"api_key": server.key, "batch": [event]}, key=""),
        server.ask("POST", "/e/", [{**event, "properties": {"token": server.key}}], key=""),
    ]

    assert [answer.status for answer in answers] == [200] * 5


def test_a_revoked_key_is_refused_within_seconds(home: Path, server: Served) -> None:
    key = a_key(home, "read")
    assert server.ask("GET", "/v1/decisions", key=key).status == 200

    CliRunner().invoke(app, ["keys", "revoke", key.rpartition("_")[0], "--home", str(home)])

    assert until(lambda: server.ask("GET", "/v1/decisions", key=key).status == 401, 5)


# --- what was accepted is there --------------------------------------------------------------------------


def test_a_batch_sent_again_changes_nothing(server: Served) -> None:
    sent = datetime.now(UTC)
    batch = [a_message(n, userId="again", timestamp=sent.isoformat()) for n in range(200, 205)]

    first = server.ask("POST", "/v1/batch", {"batch": batch, "sentAt": sent.isoformat()})
    later = (sent + timedelta(seconds=30)).isoformat()
    again = server.ask(
        "POST", "/v1/batch", gzip.compress(json.dumps({"batch": batch, "sentAt": later}).encode())
    )
    other = server.ask("POST", "/v1/batch", {"batch": [{**batch[0], "event": "Other"}]})

    assert first.json == again.json == {"success": True, "errors": []}
    assert [error["code"] for error in other.json["errors"]] == ["conflict"]
    letters = server.ask("GET", "/v1/dead-letters").json["items"]
    assert [letter["code"] for letter in letters if letter["signal"]["source_id"] == "m200"] == ["conflict"]


def test_rudder_sends_gzip_as_a_form(server: Served) -> None:
    body = gzip.compress(json.dumps({"batch": [a_message(300)]}).encode())

    answer = server.ask("POST", "/v1/batch", body, {"Content-Type": "application/x-www-form-urlencoded"})

    assert answer.json == {"success": True, "errors": []}


def test_cloudevents_come_structured_batched_and_binary(server: Served) -> None:
    event = {"specversion": "1.0", "id": "1", "source": "/shop", "type": "order.placed", "subject": "user:ce"}
    headers = {f"ce-{name}": value for name, value in event.items()}

    structured = server.ask(
        "POST", "/v1/cloudevents", event, {"Content-Type": "application/cloudevents+json"}
    )
    batched = server.ask("POST", "/v1/cloudevents", [event, {**event, "id": "2"}])
    binary = server.ask("POST", "/v1/cloudevents", b'{"a": 1}', {**headers, "ce-id": "3"})
    wrong = server.ask("POST", "/v1/cloudevents", {"id": "4"})

    states = [
        receipt["state"] for answer in (structured, batched, binary) for receipt in answer.json["receipts"]
    ]
    assert states == ["accepted", "duplicate", "accepted", "accepted"]
    assert (wrong.status, wrong.json["code"]) == (422, "shape")


def test_naughty_strings_come_back_exactly(server: Served) -> None:
    signals = [
        a_signal(f"naughty-{n}", body={"channel": "email", "text": f"<{text}>", "subject": text})
        for n, text in enumerate(naughty())
    ]

    receipts = server.ask("POST", "/v1/signals", signals).json["receipts"]

    assert {receipt["state"] for receipt in receipts} == {"accepted"}
    for n, text in enumerate(naughty()):
        found = until(
            lambda n=n: server.ask("GET", f"/v1/people/user:naughty-{n}/timeline").json.get("items")
        )
        assert f"<{text}>" in [item["text"] for item in found if item["direction"] == "in"]


def naughty() -> list[str]:
    return NAUGHTY


def test_no_answer_holds_the_token_of_a_customers_link(home: Path, server: Served) -> None:
    ids = IdKey(b"0123456789abcdef")
    token = sign(ids, Subscription("9" * 26, "acme", "commercial", "email"))
    text = f"You wrote: https://segue.acme.test/u/{token}"
    told = a_signal("linked", body={"channel": "email", "text": text})
    (receipt,) = server.ask("POST", "/v1/signals", told).json["receipts"]
    until(lambda: server.ask("GET", "/v1/decisions?who=user:linked").json.get("items"))
    decision = server.ask("GET", "/v1/decisions?who=user:linked").json["items"][0]["id"]
    key = a_key(home, "read")

    for path in (
        f"/v1/decisions/{decision}",
        "/v1/people/user:linked/timeline",
        "/v1/approvals",
        "/v1/effects",
    ):
        answer = server.ask("GET", path, key=key)
        assert answer.status == 200
        assert token[-16:].encode() not in answer.body
    assert (
        b"You wrote: https://segue.acme.test/u/[link]" in server.ask("GET", f"/v1/decisions/{decision}").body
    )
    assert receipt["state"] == "accepted"


def test_half_an_emoji_refuses_its_own_event_alone(server: Served) -> None:
    broken = json.dumps([a_signal("half", body={"channel": "email", "text": "\ud83d"}), a_signal("whole")])

    receipts = server.ask("POST", "/v1/signals", broken.encode()).json["receipts"]

    assert [receipt["state"] for receipt in receipts] == ["refused", "accepted"]
    assert "lone surrogate" in receipts[0]["error"]


# --- once and again --------------------------------------------------------------------------------------


def test_an_idempotency_key_is_answered_once(server: Served) -> None:
    headers = {"Idempotency-Key": "k-1"}

    first = server.ask("POST", "/v1/signals", a_signal("once"), headers)
    again = server.ask("POST", "/v1/signals", a_signal("once"), headers)
    other = server.ask("POST", "/v1/signals", a_signal("twice"), headers)
    without = server.ask("POST", "/v1/signals", a_signal("once"))

    assert first.json == again.json
    assert first.json["receipts"][0]["state"] == "accepted"
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert (other.status, other.json["code"]) == (409, "idempotency_reused")
    assert without.json["receipts"][0]["state"] == "duplicate"


def test_many_at_once_under_one_key_do_it_once(server: Served) -> None:
    def ask(_: int) -> Answered:
        return server.ask("POST", "/v1/signals", a_signal("racing"), {"Idempotency-Key": "k-2"})

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))

    done = [answer.json["receipts"][0]["state"] for answer in answers if answer.status == 200]
    codes = {answer.json["code"] for answer in answers if answer.status != 200}
    assert set(done) == {"accepted"}
    assert codes <= {"idempotency_running"}


# --- reading ---------------------------------------------------------------------------------------------


def test_pages_neither_repeat_nor_skip_while_more_comes_in(server: Served) -> None:
    server.ask("POST", "/v1/signals", [a_signal(f"page-{n}") for n in range(12)])
    until(lambda: server.ask("GET", "/v1/people/user:page-11").status == 200)
    before = {item["id"] for item in server.ask("GET", "/v1/decisions?limit=200").json["items"]}

    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = server.ask("GET", f"/v1/decisions?limit=5&cursor={cursor}").json
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        server.ask("POST", "/v1/signals", a_signal(f"between-{len(seen)}"))

    assert len(seen) == len(set(seen))
    assert before <= set(seen)


def test_a_person_is_read_as_of_a_time_and_by_any_identifier(server: Served) -> None:
    long_ago = (datetime.now(UTC) - timedelta(days=2)).isoformat()
    traits = {"email": "pat@x.io", "firstName": "Pat", "plan/level": 3}
    server.ask("POST", "/v1/identify", {"userId": "pat/1", "messageId": "pat", "traits": traits})

    person = until(
        lambda: (found := server.ask("GET", "/v1/people?who=user%3Apat%2F1")).status == 200 and found.json
    )
    before = server.ask("GET", f"/v1/people/email:pat@x.io?as_of={long_ago.replace('+', '%2B')}")

    facts = {fact["predicate"]: fact["value"] for fact in person["facts"]}
    assert (facts["email"], facts["name"]) == ("pat@x.io", "Pat")
    assert [fact for fact in before.json["facts"] if fact["predicate"] == "email"] == []
    assert server.ask("GET", "/v1/people/email:nobody@x.io").json["code"] == "missing"


def test_a_decision_is_told_with_its_receipt_and_over_the_stream(server: Served) -> None:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", "/v1/decisions/stream", headers={"Authorization": f"Bearer {server.key}"})
    stream = connection.getresponse()
    assert stream.getheader("content-type", "").startswith("text/event-stream")

    server.ask("POST", "/v1/signals", a_signal("streamed", body={"channel": "email", "text": "Blub."}))
    event = next_event(stream)
    told = json.loads(event["data"])
    receipt = server.ask("GET", f"/v1/decisions/{told['id']}").json
    connection.close()

    assert receipt["decision"]["id"] == told["id"]
    assert receipt["signal"]["source_id"] == "streamed"
    resumed = HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {"Authorization": f"Bearer {server.key}", "Last-Event-ID": str(int(event["id"]) - 1)}
    resumed.request("GET", "/v1/decisions/stream", headers=headers)
    assert next_event(resumed.getresponse())["id"] == event["id"]
    resumed.close()


def next_event(stream: Any) -> dict[str, str]:
    fields: dict[str, str] = {}
    while "data" not in fields:
        line = stream.readline().decode().rstrip("\n")
        name, colon, value = line.partition(": ")
        if colon and name:
            fields[name] = value
    return fields


def test_the_gate_allows_holds_or_denies_and_remembers(server: Served) -> None:
    question = {
        "tool": "mailer",
        "key": "spring-1",
        "identifiers": ["email:gate@x.io"],
        "purpose": "commercial",
        "channel": "email",
    }

    answer = server.ask("POST", "/v1/gate/reserve", question)
    told = server.ask("POST", "/v1/gate/commit", {"tool": "mailer", "key": "spring-1"})
    unknown = server.ask("POST", "/v1/gate/release", {"tool": "mailer", "key": "never"})
    changed = server.ask("POST", "/v1/gate/reserve", {**question, "channel": "sms"})
    nobody = server.ask("POST", "/v1/gate/check", {**question, "key": "n", "identifiers": ["user:null"]})

    assert (answer.json["answer"], answer.json["rule"]) == ("deny", "no-contact-without-consent")
    assert server.ask("GET", f"/v1/decisions/{answer.json['decision_id']}").status == 200
    assert (told.status, unknown.status, changed.status) == (409, 404, 409)
    assert (nobody.status, nobody.json["answer"]) == (200, "deny")


def test_the_kill_switch_and_pauses_are_signals_too(server: Served) -> None:
    stopped = server.ask("PUT", "/v1/control/kill-switch", {"on": True})
    released = server.ask("PUT", "/v1/control/kill-switch", {"on": False, "by": "ann"})
    paused = server.ask("POST", "/v1/plays/service-desk/pause", {})
    resumed = server.ask("POST", "/v1/plays/service-desk/resume", {})

    assert [item.json["state"] for item in (stopped, released, paused, resumed)] == ["accepted"] * 4
    assert server.ask("POST", "/v1/plays/service-dask/pause", {}).status == 404


def test_a_dead_letter_is_put_back_once(server: Served) -> None:
    server.ask("POST", "/v1/signals", a_signal("dead", kind="page.viewed", body={"path": 3}))
    letter = until(
        lambda: [
            item
            for item in server.ask("GET", "/v1/dead-letters").json["items"]
            if item["signal"]["source_id"] == "dead"
        ]
    )[0]

    first = server.ask("POST", f"/v1/dead-letters/{letter['id']}/replay")
    again = server.ask("POST", f"/v1/dead-letters/{letter['id']}/replay")

    assert first.json == {"done": True}
    assert again.status == 404


def test_metrics_are_near_or_need_a_key_and_name_nobody(server: Served) -> None:
    near = server.ask("GET", "/metrics", key="")
    passed_on = server.ask("GET", "/metrics", headers={"X-Forwarded-For": "203.0.113.9"}, key="")

    assert near.status == 200
    assert b'segue_signals_total{door="native",state="accepted"}' in near.body
    assert b"segue_decisions_total" in near.body
    assert b"@" not in near.body
    assert passed_on.status == 401


def test_the_journal_names_operations_and_no_person(home: Path, server: Served) -> None:
    server.ask("GET", "/v1/people/email:secret@x.io")

    lines = [json.loads(line) for line in (home / "segue.log").read_text().splitlines()]
    asked = [line for line in lines if line["event"] == "request"]
    assert {"read_person", "take_signals"} <= {line["operation"] for line in asked}
    assert "secret" not in json.dumps(asked)


# --- ends ------------------------------------------------------------------------------------------------


def test_streams_end_when_the_server_stops(tmp_path: Path) -> None:
    home = create_home(tmp_path / "home").path
    with served(home) as server:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
        key = a_key(home, "read")
        connection.request("GET", "/v1/decisions/stream", headers={"Authorization": f"Bearer {key}"})
        stream = connection.getresponse()
        stream.readline()
        began = time.monotonic()

        server.process.send_signal(signal.SIGTERM)

        assert stream.read().replace(b"\n", b"") in {b"", b": still here"}
        _, errors = server.process.communicate(timeout=30)
        assert (server.process.returncode, errors) == (0, "")
        assert time.monotonic() - began < 5
        connection.close()


def test_what_was_acknowledged_outlives_a_kill(tmp_path: Path) -> None:
    home = create_home(tmp_path / "home").path
    acknowledged: list[str] = []
    with served(home) as server:
        server.key = a_key(home, "record")

        def send() -> None:
            for n in range(10_000):
                names = [f"{threading.get_ident()}-{n}-{i}" for i in range(20)]
                try:
                    answer = server.ask("POST", "/v1/signals", [a_signal(name) for name in names])
                except OSError:
                    return
                if answer.status == 200:
                    acknowledged.extend(names)

        with ThreadPoolExecutor(3) as pool:
            for _ in range(3):
                pool.submit(send)
            until(lambda: len(acknowledged) > 300)
            server.process.kill()

    with read_home(home) as readings, readings.store.read() as reader:
        ids = readings.ids
        missing = [name for name in acknowledged if reader.signal(ids.signal_id("tests", name)) is None]
    assert acknowledged
    assert missing == []


# --- several tenants ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("tenants")
    for name in ("acme", "nimbus", "broken", "keyless"):
        create_home(directory / name)
    (directory / "keyless" / "master.key").unlink()
    (directory / "broken" / "playbook" / "settings.yaml").write_text("tenant: [")
    (directory / "notes.txt").write_text("no home")
    return directory


@pytest.fixture(scope="module")
def front(homes: Path) -> Iterator[Served]:
    with served(homes, "--tenants", str(homes)) as found:
        yield found


def test_tenants_are_picked_by_path_and_by_key_and_do_not_meet(homes: Path, front: Served) -> None:
    acme, nimbus = (a_key(homes / name, tenant=name) for name in ("acme", "nimbus"))
    front.ask("POST", "/v1/identify", a_message(1, type="identify"), key=acme)
    front.ask("POST", "/batch/", {"api_key": acme, "batch": [{"event": "E", "distinct_id": "d"}]}, key="")
    found = until(lambda: front.ask("GET", "/t/acme/v1/people/user:u1", key=acme).status == 200)

    assert found
    assert front.ask("GET", "/t/acme/v1/people/user:d", key=acme).status == 200
    assert front.ask("GET", "/t/nimbus/v1/people/user:u1", key=nimbus).status == 404
    assert front.ask("GET", "/t/nimbus/v1/people/user:u1", key=acme).status == 401
    assert front.ask("GET", "/v1/decisions", key=nimbus).status == 200
    assert front.ask("GET", "/t/acme/", key="").status == 403, "nobody was made who can sign in"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/t/other/v1/decisions", 404),
        ("/t/broken/v1/decisions", 503),
        ("/t/keyless/v1/decisions", 503),
        ("/", 404),
        ("/v1/decisions", 401),
    ],
)
def test_who_is_not_served_is_told_so(front: Served, path: str, status: int) -> None:
    answer = front.ask("GET", path, key="")

    assert (answer.status, answer.headers["content-type"]) == (status, PROBLEM)


def test_the_front_is_healthy_while_one_home_is_broken(front: Served) -> None:
    assert front.ask("GET", "/healthz", key="").status == 200
    assert until(lambda: front.ask("GET", "/readyz", key="").status == 200)


def test_a_server_is_ready_once_the_first_message_waits_for_nothing(tmp_path: Path) -> None:
    with served(create_home(tmp_path / "home").path) as server:
        first = server.ask("GET", "/readyz", key="")
        alive = server.ask("GET", "/healthz", key="")
        last = until(lambda: (found := server.ask("GET", "/readyz", key="")).status == 200 and found)

    assert (first.status, first.json["status"]) == (503, "warming")
    assert "intents are learned" in first.json["reason"]
    assert alive.status == 200
    assert last.json == {"status": "ready"}


def test_a_directory_without_homes_cannot_be_served(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["serve", "--tenants", str(tmp_path), "--port", "0", "--json"])

    assert done.exit_code == 2
    assert "can be served" in json.loads(done.stdout)["error"]["message"]


def test_the_demo_goes_on_behind_the_same_doors(tmp_path: Path) -> None:
    """A home that holds the demo's story takes signals in after the story's end."""
    home = tmp_path / "home"
    later = datetime.now(UTC) + timedelta(days=40)

    async def live() -> None:
        async with segue.open(home, clock=segue.VirtualClock(later)) as running:
            signal_ = segue.Signal(
                "crm", "1", "profile.updated", ["user:1"], later, {"facts": {"name": "Ann"}}
            )
            await running.submit([signal_])
            await running.settle()

    asyncio.run(live())
    (home / "demo.json").write_text("{}")
    with served(home) as server:
        server.key = a_key(home)
        sent = datetime.now(UTC)
        message = a_message(1, timestamp=(sent - timedelta(hours=1)).isoformat(), sentAt=sent.isoformat())
        server.ask("POST", "/v1/identify", {**message, "type": "identify", "traits": {"title": "CTO"}})
        person = until(
            lambda: (found := server.ask("GET", "/v1/people/user:u1")).status == 200 and found.json
        )

    title = next(fact for fact in person["facts"] if fact["predicate"] == "title")
    assert (
        timedelta(0)
        <= datetime.fromisoformat(title["valid_from"]) - (later - timedelta(hours=1))
        < timedelta(minutes=2)
    )
    shutil.rmtree(home)
