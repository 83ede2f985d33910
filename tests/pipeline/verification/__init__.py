"""Tests of pipeline/verification/."""
