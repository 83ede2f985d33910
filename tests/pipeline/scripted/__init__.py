"""Tests of pipeline/scripted/."""
