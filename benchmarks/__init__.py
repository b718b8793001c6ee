"""Measured claims: `python -m benchmarks NAME --json`. Timings are CPU time or ratios within one run."""
