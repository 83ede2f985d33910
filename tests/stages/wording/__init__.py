"""Tests of stages/wording/."""
