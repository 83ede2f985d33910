"""Tests of pipeline/demo/truth/."""
