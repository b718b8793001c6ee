"""Every line of the journal is one JSON object, masked, at its level; the file never grows without end."""

import json
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import segue
from segue.bootstrap.journal import Journal, JournalSettings

CLOCK = segue.VirtualClock(datetime(2026, 10, 5, 8, tzinfo=UTC))


def a_journal(path: Path, *, masks: bool = True, **settings: object) -> Journal:
    return Journal(path / "segue.log", CLOCK, lambda: masks, JournalSettings(**settings))  # type: ignore[arg-type]


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_line_has_time_event_level_and_ids_and_nothing_personal(tmp_path: Path) -> None:
    journal = a_journal(tmp_path)

    text = "write to ann@x.io or +49 151 12345678\nnext line"
    journal.note(
        "attempt", {"effect": "e1", "state": "unknown", "arguments": {"to": "ann@x.io", "text": text}}
    )
    journal.close()

    (line,) = lines(tmp_path / "segue.log")
    assert line["logged_at"] == "2026-10-05T08:00:00+00:00"
    assert (line["event"], line["level"], line["effect"]) == ("attempt", "warning", "e1")
    assert "ann@x.io" not in json.dumps(line)
    assert "12345678" not in json.dumps(line)
    assert (tmp_path / "segue.log").stat().st_mode & 0o077 == 0


def test_lines_below_the_level_are_left_out(tmp_path: Path) -> None:
    journal = a_journal(tmp_path, level="warning")

    journal.note("decision", {"id": "d1"})
    journal.note("dead_letter", {"id": "l1"})
    journal.close()

    assert [line["event"] for line in lines(tmp_path / "segue.log")] == ["dead_letter"]


def test_for_eyes_a_line_is_text(tmp_path: Path) -> None:
    journal = a_journal(tmp_path, format="console")

    journal.note("decision", {"id": "d1"})
    journal.close()

    text = (tmp_path / "segue.log").read_text()
    assert "decision" in text
    assert "id=d1" in text


def test_a_large_file_is_put_aside_and_only_so_many_are_kept(tmp_path: Path) -> None:
    journal = a_journal(tmp_path, max_bytes=1_000, keep=2)

    threads = [Thread(target=_write, args=(journal, name)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    journal.close()

    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["segue.log", "segue.log.1", "segue.log.2"]
    assert all(line["event"] == "decision" for file in files for line in lines(file))
    assert all(file.stat().st_size < 1_300 for file in files)


def _write(journal: Journal, name: int) -> None:
    for number in range(20):
        journal.note("decision", {"id": f"{name}.{number}"})


def test_a_file_that_was_moved_away_is_opened_anew(tmp_path: Path) -> None:
    journal = a_journal(tmp_path)

    journal.note("decision", {"id": "before"})
    (tmp_path / "segue.log").rename(tmp_path / "moved")
    journal.note("decision", {"id": "after"})
    journal.close()

    assert [line["id"] for line in lines(tmp_path / "moved")] == ["before"]
    assert [line["id"] for line in lines(tmp_path / "segue.log")] == ["after"]
