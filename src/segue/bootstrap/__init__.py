"""Bootstrap: where adapters meet ports; opens, reads, replays and rebuilds homes."""

from segue.bootstrap.app import App
from segue.bootstrap.chatroom import ChatRoom, Entered, Entry
from segue.bootstrap.door import Door, open_door
from segue.bootstrap.door_settings import DoorSettings
from segue.bootstrap.home import Home, create_home, libraries, remove_demo
from segue.bootstrap.opening import open_home, read_home
from segue.bootstrap.readings import DeadLetter, Readings, Recalled
from segue.bootstrap.replay import Difference, RebuildReport, ReplayReport, rebuild, replay
from segue.bootstrap.who_is_who import IdentityPlan, plan_of, sides_of

__all__ = [
    "App",
    "ChatRoom",
    "DeadLetter",
    "Difference",
    "Door",
    "DoorSettings",
    "Entered",
    "Entry",
    "Home",
    "IdentityPlan",
    "Readings",
    "RebuildReport",
    "Recalled",
    "ReplayReport",
    "create_home",
    "libraries",
    "open_door",
    "open_home",
    "plan_of",
    "read_home",
    "rebuild",
    "remove_demo",
    "replay",
    "sides_of",
]
