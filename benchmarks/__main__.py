"""`python -m benchmarks NAME --json`: run one benchmark, or `all`."""

import argparse
import json
import sys
from importlib import import_module
from typing import Any

NAMES = ("throughput", "latency", "scale", "http", "perception", "memory", "identity")


def main() -> int:
    """Run what was asked for and print it; a missed bar is printed, not an error."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("name", choices=(*NAMES, "all"))
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="a small run, to see that it works")
    asked = parser.parse_args()
    names = NAMES if asked.name == "all" else (asked.name,)
    reports = [_measure(name, quick=asked.quick) for name in names]
    if asked.json:
        sys.stdout.write(json.dumps(reports[0] if asked.name != "all" else reports, indent=2) + "\n")
    else:
        for item in reports:
            _show(item)
    return 0


def _measure(name: str, *, quick: bool) -> dict[str, Any]:
    made: dict[str, Any] = import_module(f"benchmarks.{name}").measure(quick=quick)
    return made


def _show(item: dict[str, Any]) -> None:
    sys.stdout.write(f"{item['name']}\n")
    for figure, value in item["figures"].items():
        sys.stdout.write(f"  {figure:38} {value}\n")
    for bar in item["bars"]:
        verdict = "met" if bar["met"] else "MISSED"
        sys.stdout.write(f"  {verdict:7} {bar['figure']} {bar['op']} {bar['target']} ({bar['value']})\n")


if __name__ == "__main__":
    sys.exit(main())
