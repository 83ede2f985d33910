"""Tests of pipeline/inspection/."""
