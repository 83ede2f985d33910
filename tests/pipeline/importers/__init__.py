"""Tests of what is imported, with a small invented sample of each format in `samples/`."""
