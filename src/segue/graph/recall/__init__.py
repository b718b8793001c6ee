"""Recall within one person: which of all their messages, over every channel, answer a question."""

from segue.graph.recall.ranking import Deeper, Depth, Found, Seen, look, recall
from segue.graph.recall.said import Said
from segue.graph.recall.vectors import BYTES_AT_MOST, packed_meaning

__all__ = ["BYTES_AT_MOST", "Deeper", "Depth", "Found", "Said", "Seen", "look", "packed_meaning", "recall"]
