"""Tests of pipeline/stats/."""
