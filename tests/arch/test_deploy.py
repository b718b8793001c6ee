"""What deploys Segue stays true: files, commands, options and ports named there exist."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from pydantic import BaseModel, ConfigDict

from segue.cli.commands import app

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "Dockerfile"
COMPOSE = ROOT / "compose.yaml"
UNIT = ROOT / "deploy" / "segue.service"
PAGE = ROOT / "docs" / "operations.md"
WORD = re.compile(r"--?[a-z][a-z-]*|[^\s`|&();]+")
CODE = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(segue [^`\n]+)`")
SERVER_PORT = "8765"


class Form(BaseModel):
    """Refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Service(Form):
    """The keys of a Compose service that are used here."""

    build: str | None = None
    image: str
    restart: str
    init: bool = False
    read_only: bool = False
    cap_drop: list[str]
    cap_add: list[str] = []
    security_opt: list[str]
    pids_limit: int = 0
    stop_grace_period: str = ""
    tmpfs: list[str] = []
    volumes: list[str]
    ports: list[str]
    profiles: list[str] = []
    depends_on: dict[str, dict[str, str]] = {}
    command: list[str] = []


class Compose(Form):
    """A Compose file."""

    name: str
    services: dict[str, Service]
    volumes: dict[str, None]


def compose() -> Compose:
    return Compose.model_validate(yaml.safe_load(COMPOSE.read_text(encoding="utf-8")))


def unit() -> ConfigParser:
    """Read the unit; of a key that stands twice the last one is told."""
    parser = ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(UNIT.read_text(encoding="utf-8"))
    return parser


def instructions(name: str) -> list[str]:
    """List what follows an instruction of the Dockerfile, continued lines joined."""
    text = DOCKERFILE.read_text(encoding="utf-8").replace("\\\n", " ")
    return re.findall(rf"^{name}\s+(.*)$", text, re.MULTILINE)


def command_lines() -> Iterator[tuple[str, str]]:
    """Yield every line that calls `segue`, with where it stands."""
    page = PAGE.read_text(encoding="utf-8")
    for block in CODE.findall(page):
        for line in block.splitlines():
            yield from (
                (PAGE.name, f"segue {call}") for call in re.findall(r"(?:^|[\s/])segue ([a-z].*)$", line)
            )
    yield from ((PAGE.name, call) for call in INLINE.findall(page))
    for key in ("ExecStart", "ExecReload"):
        yield UNIT.name, "segue " + unit()["Service"][key].partition("bin/segue ")[2]
    for line in instructions("CMD"):
        if "serve" in line:
            yield DOCKERFILE.name, "segue " + " ".join(re.findall(r'"([^"]+)"', line))


def wrong_in(call: str) -> list[str]:
    """List commands and options of a call that do not exist."""
    command: Any = typer.main.get_command(app)
    wrong: list[str] = []
    for word in WORD.findall(call)[1:]:
        inner = vars(command).get("commands")
        if word.startswith("--"):
            known = {option for parameter in command.params for option in parameter.opts}
            wrong += [] if word in known else [word]
        elif inner is not None:
            if word not in inner:
                return [*wrong, word]
            command = inner[word]
    return wrong


@pytest.mark.parametrize(("where", "call"), sorted(set(command_lines())))
def test_every_command_named_there_exists(where: str, call: str) -> None:
    assert wrong_in(call) == [], f"{where}: {call}"


def test_the_check_of_commands_finds_what_does_not_exist() -> None:
    assert wrong_in("segue backup --too x --keys-to y") == ["--too"]
    assert wrong_in("segue frobnicate") == ["frobnicate"]
    assert len(set(command_lines())) > 10


def test_every_file_the_image_copies_exists() -> None:
    copied = [line.split()[:-1] for line in instructions("COPY") if not line.startswith("--from")]
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8")

    names = [name for line in copied for name in line]
    assert "requirements/run.lock" in names
    assert [name for name in names if not (ROOT / name).exists()] == []
    assert [name for name in names if f"!{name.partition('/')[0]}\n" not in ignored] == []


def test_the_image_installs_by_hash_alone_and_runs_as_nobody_special() -> None:
    installs = [part for line in instructions("RUN") for part in line.split("&&") if "pip " in part]

    assert len(installs) == 4
    assert all("--require-hashes" in part or "--no-index" in part for part in installs)
    assert instructions("USER") == ["10001:10001"]
    assert instructions("EXPOSE") == [SERVER_PORT]


def test_images_are_named_with_a_tag_and_without_a_host() -> None:
    bases = [line.split()[0] for line in instructions("FROM")]
    images = [service.image for service in compose().services.values()]

    assert all(re.fullmatch(r"[a-z]+:[a-z0-9.-]+", name) for name in (*bases, *images))
    assert not any(name.endswith(":latest") for name in (*bases, *images))
    assert "://" not in re.sub(r"http://127\.0\.0\.1", "", DOCKERFILE.read_text(encoding="utf-8"))


def test_the_health_check_asks_the_port_that_is_served() -> None:
    (check,) = re.findall(r"127\.0\.0\.1:(\d+)(/[a-z]+)", DOCKERFILE.read_text(encoding="utf-8"))

    assert check == (SERVER_PORT, "/readyz")


def test_the_health_checks_route_exists() -> None:
    if not (routes := ROOT / "src" / "segue" / "api").is_dir():
        pytest.skip("there is no package `api`")

    assert any('"/readyz"' in path.read_text(encoding="utf-8") for path in routes.rglob("*.py"))


def test_compose_binds_segue_to_loopback_and_locks_it_in() -> None:
    segue = compose().services["segue"]

    assert segue.ports == [f"127.0.0.1:{SERVER_PORT}:{SERVER_PORT}"]
    assert segue.read_only
    assert segue.cap_drop == ["ALL"]
    assert f"segue:{SERVER_PORT}" in compose().services["proxy"].command


def test_every_volume_that_is_mounted_is_declared() -> None:
    mounted = {
        volume.partition(":")[0] for service in compose().services.values() for volume in service.volumes
    }

    assert mounted == set(compose().volumes)


def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    if (tool := shutil.which("systemd-analyze")) is None:
        pytest.skip("systemd-analyze is not installed")
    there = re.sub(r"/opt/segue/\.venv/bin/segue", "/bin/true", UNIT.read_text(encoding="utf-8"))
    (tmp_path / UNIT.name).write_text(there)

    done = subprocess.run(
        [tool, "verify", "--man=no", str(tmp_path / UNIT.name)], capture_output=True, text=True, check=False
    )

    assert (done.returncode, UNIT.name in done.stderr) == (0, False), done.stderr


def test_the_unit_keeps_data_private_and_files_of_the_system_out_of_reach() -> None:
    service = unit()["Service"]

    assert service["User"] == "segue"
    assert service["UMask"] == "0077"
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "yes"
