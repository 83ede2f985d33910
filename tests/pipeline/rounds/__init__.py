"""Tests of pipeline/rounds/."""
