"""Segue: journey orchestration. A signal comes in, one pure step decides, effects go out."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from segue.bootstrap import App, create_home
    from segue.bootstrap import open_home as open  # noqa: A004 - `segue.open` reads like what it does
    from segue.bootstrap.perceiving import Message, Perceiver
    from segue.bootstrap.perceiving import Perceived as Percept
    from segue.core.errors import SegueError
    from segue.core.ids import IdKey
    from segue.core.records.signals import NewSignal as Signal
    from segue.runtime.admission import Accepted
    from segue.runtime.clock import SystemClock, VirtualClock
    from segue.runtime.gate import GateAnswer, GateRequest

__all__ = [
    "Accepted",
    "App",
    "GateAnswer",
    "GateRequest",
    "IdKey",
    "Message",
    "Perceiver",
    "Percept",
    "SegueError",
    "Signal",
    "SystemClock",
    "VirtualClock",
    "create_home",
    "open",
]

_HOMES = {
    "Accepted": ("segue.runtime.admission", "Accepted"),
    "App": ("segue.bootstrap", "App"),
    "GateAnswer": ("segue.runtime.gate", "GateAnswer"),
    "GateRequest": ("segue.runtime.gate", "GateRequest"),
    "IdKey": ("segue.core.ids", "IdKey"),
    "Message": ("segue.bootstrap.perceiving", "Message"),
    "Perceiver": ("segue.bootstrap.perceiving", "Perceiver"),
    "Percept": ("segue.bootstrap.perceiving", "Perceived"),
    "SegueError": ("segue.core.errors", "SegueError"),
    "Signal": ("segue.core.records.signals", "NewSignal"),
    "SystemClock": ("segue.runtime.clock", "SystemClock"),
    "VirtualClock": ("segue.runtime.clock", "VirtualClock"),
    "create_home": ("segue.bootstrap", "create_home"),
    "open": ("segue.bootstrap", "open_home"),
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    """Import a public name when it is first used, so that `import segue` stays instant."""
    if name not in _HOMES:
        raise AttributeError(f"module `segue` has no attribute `{name}`")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
