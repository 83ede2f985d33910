"""Tests of pipeline/planning/."""
