"""A language model that reads what was not understood: a connector, optional, and off until switched on."""

from segue.llm.connector import LlmConnector
from segue.llm.installed import MISSING, is_installed

__all__ = ["MISSING", "LlmConnector", "is_installed"]
