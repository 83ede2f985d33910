"""Tests of stages/negatives/."""
