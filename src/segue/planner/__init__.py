"""The planner: one pure step from a signal to a decision, and the check before a dispatch."""

from segue.planner.house import House
from segue.planner.loop import step
from segue.planner.recheck import recheck
from segue.planner.recorded import holders, lacking, with_reads

__all__ = ["House", "holders", "lacking", "recheck", "step", "with_reads"]
