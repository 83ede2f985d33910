"""Tests of stages/retrospection."""
