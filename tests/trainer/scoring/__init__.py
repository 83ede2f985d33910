"""Tests of trainer/scoring/."""
