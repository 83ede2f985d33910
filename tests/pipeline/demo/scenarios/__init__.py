"""Tests of pipeline/demo/scenarios/."""
