"""Tests of stages/models/."""
