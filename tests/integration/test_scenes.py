"""The story from end to end: every built scene passes, every twin differs as it was said to beforehand."""

import asyncio
from pathlib import Path

import pytest

from segue.bootstrap import read_home, rebuild, replay
from segue.core.errors import InputError, MissingError
from segue.simulation import DemoReport, Progress, SceneReport, run_demo
from segue.simulation.scenes import all_scenes

BUILT = [scene.number for scene in all_scenes() if not scene.waits_for]
SMALL = (1, 18, 22)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "home"


@pytest.fixture(scope="module")
def seen() -> list[Progress]:
    return []


@pytest.fixture(scope="module")
def report(home: Path, seen: list[Progress]) -> DemoReport:
    return asyncio.run(run_demo(home, progress=seen.append))


def scene_of(report: DemoReport, number: int) -> SceneReport:
    return next(scene for scene in report.scenes if scene.number == number)


@pytest.mark.parametrize("number", BUILT)
def test_the_scene_passes(report: DemoReport, number: int) -> None:
    scene = scene_of(report, number)

    assert scene.missing == ""
    assert scene.passed
    assert scene.evidence


@pytest.mark.parametrize("number", BUILT)
def test_its_twin_differs_as_stated(report: DemoReport, number: int) -> None:
    twin = scene_of(report, number).twin

    assert twin is not None
    assert twin.observed == twin.expected
    assert twin.passed


def test_scenes_that_wait_say_so(report: DemoReport) -> None:
    waiting = [scene for scene in report.scenes if scene.number not in BUILT]

    assert all(not scene.passed and scene.missing for scene in waiting)
    assert len(report.scenes) == 26


def test_the_story_is_as_large_as_it_should_be(report: DemoReport) -> None:
    counts = report.counts

    assert counts["people"] >= 60
    assert counts["accounts"] >= 20
    assert len(counts["countries"]) >= 4
    assert len(counts["currencies"]) >= 3
    assert len(counts["brands"]) == 2
    assert counts["signals"]["live"] >= 1_000
    assert counts["dead_letters"] == 0
    assert counts["harms"]
    assert counts["held_back"]["by_rule"]


def test_progress_is_told_by_day_and_by_twin(report: DemoReport, seen: list[Progress]) -> None:
    assert report.passed
    assert [item.done for item in seen if item.phase == "story"] == list(range(1, 121))
    assert {item.phase for item in seen} == {"story", "second tenant", "twins"}


def test_a_finished_demo_is_not_run_again(report: DemoReport, home: Path) -> None:
    again = asyncio.run(run_demo(home))

    assert again.stored
    assert again.to_json() == {**report.to_json(), "stored": True}


def test_the_whole_story_replays_identically_and_rebuilds_equal(report: DemoReport, home: Path) -> None:
    replayed = replay(home)

    assert replayed.different == []
    assert replayed.decisions == replayed.identical > 0
    assert rebuild(home).equal


def test_two_runs_decide_the_same(tmp_path: Path) -> None:
    first, second = (
        asyncio.run(run_demo(tmp_path / name, scenes=SMALL, twins=False)) for name in ("first", "second")
    )

    assert first.decision_hash == second.decision_hash


def test_decisions_are_told_as_they_fall(tmp_path: Path) -> None:
    fell: list[str] = []

    asyncio.run(
        run_demo(
            tmp_path / "home",
            scenes=[15],
            twins=False,
            on_decision=lambda decision: fell.append(decision.id),
        )
    )

    with read_home(tmp_path / "home") as reading:
        assert fell == [decision.id for decision in reversed(reading.decisions())]


def test_a_directory_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ann")

    with pytest.raises(InputError, match="holds no finished demo"):
        asyncio.run(run_demo(tmp_path))


def test_an_unknown_scene_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="no scene `99`; there are 1 to 26"):
        asyncio.run(run_demo(tmp_path / "home", scenes=[99]))


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ("{", "is damaged and tells of no demo"),
        ("[]", "is damaged and tells of no demo"),
        ('{"asked": {"whole": true}}', "did not come to its end"),
    ],
)
def test_a_demo_that_is_damaged_or_unfinished_is_said_so(told: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "demo.json").write_text(told)

    with pytest.raises(InputError, match=message):
        asyncio.run(run_demo(tmp_path))


def test_the_report_of_other_scenes_is_not_given_as_an_answer(report: DemoReport, home: Path) -> None:
    with pytest.raises(InputError, match="other scenes or twins than asked for"):
        asyncio.run(run_demo(home, scenes=SMALL))
