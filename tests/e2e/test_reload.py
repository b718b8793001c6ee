"""A running server puts a changed playbook in force when told to, and keeps the old one if it is wrong."""

import json
import subprocess
import sys
from pathlib import Path

from segue.bootstrap import create_home
from tests.e2e.serving import served

PATIENCE_S = 30


def reload(home: Path) -> "subprocess.CompletedProcess[str]":
    command = [
        sys.executable,
        "-c",
        "from segue.cli import main; main()",
        "reload",
        "--json",
        "--home",
        str(home),
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)


def test_segue_reload_reaches_the_server(tmp_path: Path) -> None:
    home = create_home(tmp_path / "home")
    settings = home.playbook / "settings.yaml"
    written = settings.read_text()

    with served(home.path):
        first = json.loads(reload(home.path).stdout)
        settings.write_text(written.replace("acme-group", "other-group"))
        second = json.loads(reload(home.path).stdout)
        settings.write_text("tenant: [")
        refused = reload(home.path)

    assert first["playbook"] != second["playbook"]
    assert refused.returncode == 2
    assert "settings.yaml" in json.loads(refused.stdout)["error"]["message"]
