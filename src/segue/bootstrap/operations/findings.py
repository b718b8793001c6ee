"""Findings: what one check of the doctor says."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        said: What was found.
        hint: What to do about it; empty where nothing is to be done.
    """

    check: str
    state: State
    said: str
    hint: str = ""
