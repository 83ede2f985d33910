"""Tests of pipeline/finalise/."""
