"""The planner: one pure step from a signal to a decision, and the check before a dispatch."""

from segue.planner.house import House
from segue.planner.loop import step
from segue.planner.recheck import recheck

__all__ = ["House", "recheck", "step"]
