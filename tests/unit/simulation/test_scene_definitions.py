"""Scene definitions: all 26 are listed, and each twin changes one input and states what must differ."""

import pytest

from segue.simulation.happening import Happening, Submit
from segue.simulation.scene import Findings, Scene
from segue.simulation.scenes import all_scenes

STARRED = {1, 5, 6, 9, 11, 12, 15, 16, 18, 19, 20, 22, 23, 24}
BUILT = [scene for scene in all_scenes() if scene.judge is not None]


def name_of(scene: Scene) -> str:
    return f"{scene.number}-{scene.name.replace(' ', '-')}"


def test_every_scene_is_listed_once() -> None:
    assert [scene.number for scene in all_scenes()] == list(range(1, 27))


def test_starred_scenes_are_built() -> None:
    assert {scene.number for scene in all_scenes() if scene.starred} == STARRED
    assert {scene.number for scene in BUILT} >= STARRED


def test_a_scene_that_waits_says_for_what() -> None:
    waiting = [scene for scene in all_scenes() if scene.judge is None]

    assert all(scene.waits_for and scene.twin is None for scene in waiting)


@pytest.mark.parametrize("scene", BUILT, ids=name_of)
def test_a_twin_changes_exactly_one_kind_of_input(scene: Scene) -> None:
    twin = scene.twin
    assert twin is not None
    assert scene.events is not None
    changes = [
        scene.events(change=True) != scene.events(change=False),
        bool(twin.settings),
        bool(twin.facts),
        bool(twin.moves),
        bool(twin.hit),
    ]

    assert sum(changes) == 1
    assert twin.change
    assert twin.expected


@pytest.mark.parametrize("scene", BUILT, ids=name_of)
def test_events_are_the_same_every_time(scene: Scene) -> None:
    assert scene.events is not None

    assert scene.events(change=False) == scene.events(change=False)


def test_no_two_scenes_tell_the_same_signal() -> None:
    happenings: list[Happening] = [e for s in BUILT if s.events is not None for e in s.events(change=False)]
    told = [signal for item in happenings if isinstance(item, Submit) for signal in item.signals]

    assert len({(signal.source, signal.source_id) for signal in told}) == len(told)


def test_findings_pass_only_on_evidence() -> None:
    nothing, half, whole = Findings(), Findings(), Findings()

    half.expect("mail", "it was sent", "it was not sent")
    half.expect([], "it was read", "it was not read")
    whole.expect(["mail"], "it was sent", "it was not sent")

    assert not nothing.passed
    assert not half.passed
    assert half.missing == ["it was not read"]
    assert whole.passed
