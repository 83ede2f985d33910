"""Tests of stages/planted/."""
