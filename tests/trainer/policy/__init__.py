"""Tests of trainer/policy/."""
