"""Tests of pipeline/questions."""
