"""Whether the extra is installed; looked up without importing it, which takes seconds."""

from importlib.util import find_spec
from typing import Final

MISSING: Final = "the playbook switches a language model on, which needs `pip install 'segue[llm]'`"


def is_installed() -> bool:
    """Whether pydantic-ai and the client it speaks through are there."""
    return find_spec("pydantic_ai") is not None and find_spec("openai") is not None
