"""Tests of pipeline.child."""
