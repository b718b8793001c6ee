"""Keys of the send gate: under which source ids what a tool asks and tells about one key is kept."""

from typing import Literal

CHECK, COMMIT, RELEASE, AGAIN = ":check", ":commit", ":release", ":again"
"""Endings of Segue's own behind a tool's key: a mere check, what the tool did, a question put anew."""

OWN_ENDINGS = (CHECK, COMMIT, RELEASE, AGAIN)

Told = Literal["", "committed", "released"]
"""What a tool said of a key last: that it has sent, or that it will not. Both are final."""
