"""Tests of stages/descriptions/."""
