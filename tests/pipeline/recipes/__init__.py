"""Tests of pipeline/recipes/."""
