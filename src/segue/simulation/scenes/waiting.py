"""Scenes that wait for a later issue, each with what it waits for."""

from segue.simulation.scene import Scene

_WAITING = (
    (
        2,
        "a reply of No",
        "what a bare `No` answers waits for the perceiver that reads replies with their question",
    ),
    (14, "a demo moved and cancelled", "proposing two slots and moving the event wait for the calendar play"),
)


def scenes() -> tuple[Scene, ...]:
    """The waiting scenes."""
    return tuple(Scene(number, name, waits_for=reason) for number, name, reason in _WAITING)
