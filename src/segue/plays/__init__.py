"""Plays: what wakes them, which state a goal is in, and what detectors find in counters and dates."""

from segue.plays.detecting import detect
from segue.plays.found import Detected, Fired, TimerSet
from segue.plays.listening import listening, too_late
from segue.plays.silence import SILENCE
from segue.plays.states import state_of
from segue.plays.wanting import wants

__all__ = ["SILENCE", "Detected", "Fired", "TimerSet", "detect", "listening", "state_of", "too_late", "wants"]
