"""Tests of stages/facts/."""
