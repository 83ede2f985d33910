"""Tests of stages/drawing/."""
