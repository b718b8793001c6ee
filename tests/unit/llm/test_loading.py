"""The client of a language model takes seconds to load, and is loaded by nobody who does not ask one."""

import subprocess
import sys

HEAVY = "pydantic_ai", "openai", "httpx2"


def test_opening_a_home_loads_no_client() -> None:
    program = (
        "import sys, segue, segue.cli, segue.bootstrap.opening, segue.llm;"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
