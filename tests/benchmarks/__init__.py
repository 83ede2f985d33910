"""Measured comparisons: `python -m tests.benchmarks NAME`."""
