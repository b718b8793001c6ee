"""The demo story: its cast, its scenes, and the twins that prove them."""

from segue.simulation.demo import Progress, run_demo
from segue.simulation.report import DemoReport, SceneReport, TwinReport

__all__ = ["DemoReport", "Progress", "SceneReport", "TwinReport", "run_demo"]
