"""What is refused is refused at once and costs little, however large, deep or wrong it is.

Timings belong into `benchmarks/`; these are a promise to whoever exposes the server, and the best of several
tries holds on a busy machine too.
"""

import gzip
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from segue.bootstrap import create_home
from tests.e2e.serving import Served, a_key, peak_kb, served

AT_ONCE_S = 0.1
LITTLE_KB = 200_000
TRIES = 10
PATIENCE_S = 30
MB50 = 50_000_000
FULL = 499 * 1024
"""Just below what a body may hold."""
EVENTS = 2_500

NATIVE = {"source": "tests", "source_id": "x", "kind": "page.viewed", "identifiers": ["user:x"], "body": {}}
CHUNKED = b"".join(b"%x\r\n%s\r\n" % (65_536, b" " * 65_536) for _ in range(MB50 // 65_536)) + b"0\r\n\r\n"
WORDS = b'["%s"' % (b"x" * FULL)

SEGMENT = ("/v1/batch", "/batch/")
OWN = ("/v1/signals", "/v1/cloudevents")


def many(item: Any) -> bytes:
    return json.dumps({"batch": [item] * EVENTS}).encode()


CASES: dict[str, tuple[bytes, int, tuple[str, ...]]] = {
    "50 MB": (b" " * MB50, 413, (*SEGMENT, *OWN)),
    "gzip bomb": (gzip.compress(b"0" * MB50), 413, (*SEGMENT, *OWN)),
    "chunked": (CHUNKED, 413, (*SEGMENT, *OWN)),
    "NaN": (b'{"batch": [NaN]}', 400, (*SEGMENT, *OWN)),
    "NaN at the end": (WORDS + b",NaN]", 400, (*SEGMENT, *OWN)),
    "depth 10,000": (b"[" * 10_000 + b"]" * 10_000, 400, (*SEGMENT, *OWN)),
    "objects 10,000 deep": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 400, (*SEGMENT, *OWN)),
    "nothing but brackets": (b"[{" * (FULL // 2), 400, (*SEGMENT, *OWN)),
    "pairs of brackets": (b"[" + b"[]," * (FULL // 3) + b"[]]", 413, (*SEGMENT, *OWN)),
    "no JSON": (b"no json", 400, (*SEGMENT, *OWN)),
    "text cut off": (WORDS, 400, (*SEGMENT, *OWN)),
    "bad UTF-8": (b"\xff\xfe", 400, (*SEGMENT, *OWN)),
    "bad UTF-8 at the end": (b'["%s\xff"]' % (b"x" * FULL), 400, (*SEGMENT, *OWN)),
    "wrong shape": (json.dumps({**NATIVE, "kind": "page.vewed"}).encode(), 422, ("/v1/signals",)),
    "wrong at the end": (json.dumps([NATIVE] * 1_000 + [3]).encode(), 422, OWN),
    "too many fields": (json.dumps({f"f{n}": n for n in range(30_000)}).encode(), 422, ("/v1/signals",)),
    "no batch": (b"3", 200, ("/v1/batch",)),
    "no type": (many({"userId": "u"}), 200, ("/v1/batch",)),
    "unknown type": (many({"type": "identfy", "userId": "u"}), 200, ("/v1/batch",)),
    "nobody": (many({"type": "track", "event": "E"}), 200, ("/v1/batch",)),
    "no object": (many(3), 200, ("/v1/batch",)),
    "one large event": (
        json.dumps({"batch": [{"type": "track", "x": "x" * 480_000}]}).encode(),
        200,
        ("/v1/batch",),
    ),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = create_home(tmp_path_factory.mktemp("at-once") / "home").path
    with served(home) as found:
        found.key = a_key(home)
        yield found


def answered(server: Served, path: str, body: bytes) -> tuple[int, float]:
    """Status of the answer, and seconds from the first byte sent to the whole head of it.

    Reading does not wait until all is sent: the answer to a large body comes before its end.
    """
    length = b"Transfer-Encoding: chunked" if body is CHUNKED else b"Content-Length: %d" % len(body)
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {server.key}\r\n".encode()
    request = head + length + b"\r\n\r\n" + body
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S) as line:

        def send() -> None:
            with suppress(OSError):
                line.sendall(request)

        sending = threading.Thread(target=send)
        began = time.perf_counter()
        sending.start()
        told = b""
        while b"\r\n\r\n" not in told:
            part = line.recv(65_536)
            assert part, "the line was cut before an answer came"
            told += part
        took = time.perf_counter() - began
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)
        sending.join()
    return int(told.split(b" ", 2)[1]), took


@pytest.mark.parametrize(
    ("name", "path"), [(name, path) for name, (_, _, paths) in CASES.items() for path in paths]
)
def test_what_is_wrong_is_said_so_within_a_tenth_of_a_second(server: Served, name: str, path: str) -> None:
    body, status, _ = CASES[name]
    answered(server, path, body)
    before = peak_kb(server)

    answers = [answered(server, path, body)]
    while min(took for _, took in answers) >= AT_ONCE_S and len(answers) < TRIES:
        answers.append(answered(server, path, body))

    assert {found for found, _ in answers} == {status}
    assert min(took for _, took in answers) < AT_ONCE_S
    assert peak_kb(server) - before < LITTLE_KB
    if status == 200:
        assert server.ask("POST", path, body).json["errors"]
