"""Measured against ground truth: `make prove`."""
