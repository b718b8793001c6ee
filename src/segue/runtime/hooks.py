"""Named points at which a crash test may end the process, around every commit and every send."""

from collections.abc import Callable

CRASH_POINTS = (
    "before_accept_commit",
    "after_accept_commit",
    "before_step_commit",
    "after_step_commit",
    "before_timer_commit",
    "after_timer_commit",
    "before_attempt_start_commit",
    "after_attempt_start_commit",
    "before_perform",
    "after_perform",
    "before_attempt_end_commit",
    "after_attempt_end_commit",
    "before_keys_commit",
    "after_keys_commit",
    "before_commit",
    "after_commit",
)
"""Every point: those of the runtime in the order one signal passes them, then those of any commit."""

Hook = Callable[[str], None]


def no_hook(point: str) -> None:
    """Let every point pass."""
    del point
