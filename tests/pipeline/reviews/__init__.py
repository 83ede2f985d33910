"""Tests of pipeline/reviews/."""
