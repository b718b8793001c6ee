"""Real ingestion clients, unmodified, through bad weather and a kill -9: nothing told is lost or doubled."""

import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from segue.bootstrap import create_home, read_home
from segue.core.records.events import Received
from segue.core.records.signals import INTERNAL_KINDS
from tests.peers.mail_house import free_ports, wait_for
from tests.peers.weather import Seen, weather

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".peers" / "bin" / "python"
CLIENTS = ROOT / "peers" / "clients"
EVENTS = 200
SINGLE = 40
KILL_AT = 7
PATIENCE_S = 180
RUN = "from segue.cli import main; main()"


@contextmanager
def server(home: Path, port: int) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """A server on a fixed port; whoever holds the mapping may kill and replace it."""
    held: dict[str, subprocess.Popen[bytes]] = {}
    try:
        start(home, port, held)
        yield held
    finally:
        held["process"].send_signal(signal.SIGTERM)
        held["process"].wait(PATIENCE_S)


def start(home: Path, port: int, held: dict[str, subprocess.Popen[bytes]]) -> None:
    command = [
        sys.executable,
        "-c",
        RUN,
        "serve",
        "--home",
        str(home),
        "--port",
        str(port),
        "--for-seconds",
        "600",
    ]
    held["process"] = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    wait_for(port)


def a_key(home: Path, scope: str) -> str:
    command = ["keys", "create", "--name", "peers", "--scope", scope, "--home", str(home), "--json"]
    told = subprocess.run([sys.executable, "-c", RUN, *command], check=True, capture_output=True, text=True)
    return str(json.loads(told.stdout)["key"])


def ran(client: Path, address: str, key: str, count: int) -> dict[str, object]:
    """Run a client to its end; what it printed last."""
    program = "node" if client.suffix == ".mjs" else str(PYTHON)
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [program, str(client), address, key, client.stem, str(count)],
        capture_output=True, text=True, timeout=PATIENCE_S, check=False, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return told


def stored(home: Path) -> Counter[str]:
    """How often each source id that came from outside stands in the log."""
    with read_home(home) as readings, readings.store.read() as reader:
        signals = (row.event.signal for row in reader.log() if isinstance(row.event, Received))
        return Counter(one.source_id for one in signals if one.kind not in INTERNAL_KINDS)


@pytest.mark.parametrize(
    "client",
    sorted(path for path in CLIENTS.iterdir() if re.search(r"\.(py|mjs)$", path.name)),
    ids=lambda p: p.stem,
)
def test_what_a_client_was_told_is_accepted_is_there_once(
    client: Path, tmp_path: Path, started: list[str]
) -> None:
    home, (port,) = tmp_path / "home", free_ports(1)
    create_home(home)
    tells_messages = client.stem.startswith("cloudevents")
    key = a_key(home, "record" if tells_messages else "ingest")
    count = SINGLE if tells_messages else EVENTS

    with server(home, port) as held:

        def kill_at(request: int) -> None:
            if request == KILL_AT:
                held["process"].send_signal(signal.SIGKILL)
                held["process"].wait(PATIENCE_S)
                start(home, port, held)

        with weather(f"http://127.0.0.1:{port}", kill_at) as (address, seen):
            told = ran(client, address, key, count)
            started.append(client.stem)

    assert told == {"sent": count, "problems": []}
    _all_there_once(seen, stored(home), count)


def _all_there_once(seen: Seen, there: Counter[str], count: int) -> None:
    once = {name for name, times in there.items() if times == 1}
    lost_or_doubled = {name for name in seen.told if not any(name in source_id for source_id in once)}
    assert seen.problems == []
    assert lost_or_doubled == set()
    assert sum(there.values()) == count, "every event is there, and nothing else"
    assert len(seen.told) == count
    assert {"fail", "busy", "lose", "double"} <= set(seen.befell), "the weather was too good"
