"""HTTP: a real server process on loopback, batches as Segment's clients send them, every event on disk.

Three runs: as many batches as four connections can send; batches at an even pace, for when each is
acknowledged; and a long backlog of history, beside which somebody writes now and then and is to be answered,
while it is taken in and until it is remembered.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zlib import crc32

from benchmarks.company import filesystem_of
from benchmarks.report import Bar, percentile, report
from segue.bootstrap import Home, create_home
from segue.core.units import to_instant
from segue.stores.doors import ApiKeys, DoorsDb

CONNECTIONS = 4
PER_BATCH = 100
EVENTS, BACKLOG = 40_000, 1_000_000
PACED_S, PACED_BATCHES, PACED_EVENTS = 20, 20, 20
PEOPLE = 2_000
FRESH_EVERY_S = 0.5
REMEMBERED_WITHIN_S = 60.0
"""So long after the last of the backlog was accepted it is looked whether all of it is remembered."""
BARS = (Bar("fresh_decided_p99_ms", "<=", 1_000.0),)


@dataclass(slots=True)
class Server:
    """A running server, and how to speak to it."""

    port: int
    key: str
    pid: int

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=60)

    def post(self, connection: HTTPConnection, path: str, body: bytes) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        while True:
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            told = response.read()
            if response.status == 200:
                answer: dict[str, Any] = json.loads(told)
                return answer
            assert response.status == 429, (response.status, told)
            time.sleep(float(response.headers["retry-after"]))

    def peak_mb(self) -> int:
        """The most memory it ever held."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


@dataclass(slots=True)
class Listener:
    """Hears decisions over the stream, and when each came."""

    at: dict[str, float] = field(default_factory=dict)
    ready: threading.Event = field(default_factory=threading.Event)

    def hear(self, server: Server) -> None:
        connection = server.connect()
        connection.request("GET", "/v1/decisions/stream", headers={"Authorization": f"Bearer {server.key}"})
        stream = connection.getresponse()
        self.ready.set()
        try:
            while line := stream.readline():
                if line.startswith(b"data: "):
                    self.at.setdefault(json.loads(line[6:])["signal_id"], time.perf_counter())
        except OSError:
            return


def measure(*, quick: bool) -> dict[str, Any]:
    """Measure; `quick` takes a tenth of the events and a fiftieth of the backlog."""
    events, backlog, paced_s = (4_000, 20_000, 4) if quick else (EVENTS, BACKLOG, PACED_S)
    with served() as (server, home):
        listener = Listener()
        threading.Thread(target=listener.hear, args=(server,), daemon=True).start()
        assert listener.ready.wait(30)
        figures = _flat_out(server, events)
        began = time.perf_counter()
        _settle(server, listener, "flat")
        figures["flat_out_decided_after_s"] = round(time.perf_counter() - began, 1)
        figures |= _paced(server, paced_s)
        _settle(server, listener, "paced")
        figures |= _beside_a_backlog(server, listener, backlog)
        figures["server_peak_mb"] = server.peak_mb()
        figures["filesystem"] = filesystem_of(home)
    return report("http", figures, BARS)


@contextmanager
def served() -> Iterator[tuple[Server, Path]]:
    """A server of a new home with the default library."""
    with TemporaryDirectory(prefix="segue-bench-") as directory:
        home = create_home(Path(directory) / "home")
        run = "from segue.cli import main; main()"
        command = [sys.executable, "-c", run, "serve", "--json", "--port", "0", "--home", str(home.path)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - the product itself
        try:
            assert process.stdout is not None
            port = int(_first_json(process.stdout)["url"].rstrip("/").rpartition(":")[2])
            yield Server(port, _key(home), process.pid), home.path
        finally:
            process.terminate()
            process.wait(60)


def _first_json(lines: Iterable[str]) -> Any:  # noqa: ANN401 - any JSON value
    """The first JSON value that a process prints, over however many lines."""
    told = ""
    for line in lines:
        told += line
        with suppress(ValueError):
            return json.loads(told)
    raise RuntimeError(f"the server ended after it said {told!r}")


def _key(home: Home) -> str:
    db = DoorsDb(home.doors)
    try:
        now = to_instant(datetime.now(UTC))
        return ApiKeys(db, home.master_key()).create("benchmark", ["record", "read"], "home", now)[1]
    finally:
        db.close()


def _flat_out(server: Server, events: int) -> dict[str, Any]:
    """As fast as the connections can send."""
    bodies = [_batch(f"flat-{n}", PER_BATCH) for n in range(events // PER_BATCH)]
    began = time.perf_counter()
    took = _send(server, "/v1/batch", bodies)
    wall_s = time.perf_counter() - began
    return {
        "events": events,
        "accepted_events_per_s": round(events / wall_s),
        "flat_out_acknowledge_p50_ms": round(percentile(took, 0.5) * 1e3, 1),
        "flat_out_acknowledge_p99_ms": round(percentile(took, 0.99) * 1e3, 1),
    }


def _paced(server: Server, seconds: int) -> dict[str, Any]:
    """Batches at an even pace, timed from when each was due: a wait before sending counts too."""
    bodies = [_batch(f"paced-{n}", PACED_EVENTS) for n in range(seconds * PACED_BATCHES)]
    connection, took = server.connect(), []
    began = time.perf_counter()
    for number, body in enumerate(bodies):
        due = began + number / PACED_BATCHES
        time.sleep(max(0.0, due - time.perf_counter()))
        server.post(connection, "/v1/batch", body)
        took.append(time.perf_counter() - due)
    connection.close()
    return {
        "paced_events_per_s": PACED_BATCHES * PACED_EVENTS,
        "acknowledge_p50_ms": round(percentile(took, 0.5) * 1e3, 1),
        "acknowledge_p99_ms": round(percentile(took, 0.99) * 1e3, 1),
    }


def _settle(server: Server, listener: Listener, name: str) -> None:
    """Wait until all that was sent is decided: what is sent last is decided last."""
    connection, ends_at = server.connect(), time.monotonic() + 600
    last, _ = _write(server, connection, name)
    connection.close()
    while last not in listener.at and time.monotonic() < ends_at:
        time.sleep(0.05)


def _beside_a_backlog(server: Server, listener: Listener, backlog: int) -> dict[str, Any]:
    """History without end, and somebody who writes every half second."""
    done = threading.Event()
    sent: dict[str, float] = {}
    began = time.perf_counter()
    with ThreadPoolExecutor(1) as writer:
        writing = writer.submit(_write_now_and_then, server, sent, done)
        numbers = range(0, backlog, 250)
        _send(server, "/v1/signals", (_history(first, min(250, backlog - first)) for first in numbers))
        wall_s = time.perf_counter() - began
        during = len(sent)
        remembered_s = _remembered(server)
        done.set()
        writing.result()
    ends_at = time.monotonic() + 60
    while not sent.keys() <= listener.at.keys() and time.monotonic() < ends_at:
        time.sleep(0.05)
    heard = sent.keys() & listener.at.keys()
    decided = [(listener.at[name] - sent[name]) * 1e3 for name in heard]
    return {
        "backlog_events": backlog,
        "backlog_events_per_s": round(backlog / wall_s),
        "backlog_remembered_after_s": remembered_s,
        "fresh_signals": len(sent),
        "fresh_signals_after_the_last_was_accepted": len(sent) - during,
        "fresh_undecided": len(sent) - len(heard),
        "fresh_decided_p50_ms": round(percentile(decided, 0.5), 1),
        "fresh_decided_p99_ms": round(percentile(decided, 0.99), 1),
        "fresh_decided_max_ms": round(max(decided), 1),
    }


def _remembered(server: Server) -> float | None:
    """How long until the last of the history is remembered, from now on; None where it takes too long."""
    connection, began = server.connect(), time.perf_counter()
    server.post(connection, "/v1/signals", _history(PEOPLE * 10, 1, people=PEOPLE * 10 + 1))
    headers = {"Authorization": f"Bearer {server.key}"}
    try:
        while (took := time.perf_counter() - began) < REMEMBERED_WITHIN_S:
            connection.request("GET", f"/v1/people/user:u{PEOPLE * 10}", headers=headers)
            response = connection.getresponse()
            response.read()
            if response.status == 200:
                return round(took, 1)
            time.sleep(0.1)
        return None
    finally:
        connection.close()


def _write_now_and_then(server: Server, sent: dict[str, float], done: threading.Event) -> None:
    connection, number = server.connect(), 0
    while True:
        signal_id, began = _write(server, connection, f"fresh{number}")
        sent[signal_id] = began
        number += 1
        if done.wait(FRESH_EVERY_S):
            connection.close()
            return


def _write(server: Server, connection: HTTPConnection, name: str) -> tuple[str, float]:
    """A message that is decided on at once; its id, and when it was sent."""
    signal = {
        "source": "mail",
        "source_id": name,
        "kind": "message.received",
        "identifiers": [f"email:{name}@x.io"],
        "body": {"channel": "email", "text": "Blub."},
    }
    began = time.perf_counter()
    told = server.post(connection, "/v1/signals", json.dumps(signal).encode())
    return told["receipts"][0]["id"], began


def _send(server: Server, path: str, bodies: Sequence[bytes] | Iterator[bytes]) -> list[float]:
    """Send bodies over a few connections that stay open; how long each took to be acknowledged."""
    waiting, lock, took = iter(bodies), threading.Lock(), list[float]()

    def one_connection() -> None:
        connection = server.connect()
        while True:
            with lock:
                body = next(waiting, None)
            if body is None:
                connection.close()
                return
            began = time.perf_counter()
            told = server.post(connection, path, body)
            took.append(time.perf_counter() - began)
            refused = told.get("errors") or [r for r in told.get("receipts", ()) if r["state"] != "accepted"]
            assert not refused, refused[:3]

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for job in [pool.submit(one_connection) for _ in range(CONNECTIONS)]:
            job.result()
    return took


def _batch(name: str, events: int) -> bytes:
    """What a client library sends: six page views, three tracked events and an identify of ten."""
    now = datetime.now(UTC)
    messages = [_message(f"{name}-{n}", n, now - timedelta(milliseconds=events - n)) for n in range(events)]
    return json.dumps({"batch": messages, "sentAt": now.isoformat()}).encode()


def _message(name: str, number: int, at: datetime) -> dict[str, Any]:
    person = crc32(name.encode()) % PEOPLE
    message: dict[str, Any] = {
        "messageId": name,
        "userId": f"u{person}",
        "anonymousId": None,
        "timestamp": at.isoformat(),
        "context": {"library": {"name": "analytics-python", "version": "2.3.4"}},
    }
    if number % 10 < 6:
        return message | {"type": "page", "properties": {"path": f"/docs/{number}", "title": "A page"}}
    if number % 10 < 9:
        return message | {"type": "track", "event": "Report Shared", "properties": {"size": number}}
    return message | {"type": "identify", "traits": {"email": f"u{person}@example.org", "title": "lead"}}


def _history(first: int, count: int, *, people: int = PEOPLE * 10) -> bytes:
    """Old page views of many people, told for the record."""
    at = (datetime.now(UTC) - timedelta(days=30)).isoformat()
    signals = [
        {
            "source": "archive",
            "source_id": f"h{number}-{people}",
            "kind": "page.viewed",
            "identifiers": [f"user:u{number % people}"],
            "occurred_at": at,
            "body": {"path": "/docs/reports"},
            "history": True,
        }
        for number in range(first, first + count)
    ]
    return json.dumps(signals).encode()
