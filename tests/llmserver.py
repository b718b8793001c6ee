"""A scripted server that speaks OpenAI's chat completions on loopback, and keeps every byte it is sent."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CALM: dict[str, Any] = {"intents": [], "sentiment": 0, "mood": "calm", "language": "cs"}
USAGE = {"prompt_tokens": 1_000, "completion_tokens": 100, "total_tokens": 1_100}


@dataclass(frozen=True)
class Answer:
    """What the server does with one request."""

    body: bytes = b""
    status: int = 200
    hangs: bool = False


Script = Callable[[Mapping[str, Any]], Answer]


def completion(content: str | None, *, finish: str = "stop", refusal: str = "", usage: bool = True) -> Answer:
    """A chat completion with this content."""
    message = {"role": "assistant", "content": content} | ({"refusal": refusal} if refusal else {})
    told: dict[str, Any] = {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": "small",
        "choices": [{"index": 0, "finish_reason": finish, "message": message}],
    }
    return Answer(json.dumps(told | ({"usage": USAGE} if usage else {})).encode())


def reading(*intents: tuple[str, str], **more: Any) -> Answer:
    """A completion with a reading: (label, quote) of each intent."""
    named = [{"label": label, "certainty": "sure", "quote": quote} for label, quote in intents]
    return completion(json.dumps(CALM | {"intents": named} | more))


def refused(status: int) -> Answer:
    """An error by its status."""
    return Answer(json.dumps({"error": {"message": "no", "type": "x"}}).encode(), status)


def mode(request: Mapping[str, Any]) -> str:
    """How a request asks for structured output."""
    form: Mapping[str, str] = request.get("response_format", {})
    return form.get("type", "prompted")


def one_after_another(answers: Iterable[Answer]) -> Script:
    """One answer a request; the last one again and again."""
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


@dataclass
class ScriptedServer:
    """A running server.

    Attributes:
        requests: Every request, head and body as they came.
        asked: The bodies, decoded.
    """

    url: str
    script: Script
    requests: list[bytes] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)


@contextmanager
def scripted(*answers: Answer, script: Script | None = None) -> Iterator[ScriptedServer]:
    """Run a server for as long as the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            server.requests.append(self.requestline.encode() + b"\n" + self.headers.as_bytes() + body)
            server.asked.append(json.loads(body))
            answer = server.script(server.asked[-1])
            if answer.hangs:
                server.closing.wait(60)
                return
            self.send_response(answer.status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            try:
                self.wfile.write(answer.body)
            except OSError:
                return  # who asked has heard enough

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    url = f"http://127.0.0.1:{http.server_port}/v1"
    server = ScriptedServer(url, script or one_after_another(answers))
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        http.shutdown()
        http.server_close()
        thread.join()
