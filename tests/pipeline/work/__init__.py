"""Tests of pipeline/work/."""
