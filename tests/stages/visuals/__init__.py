"""Tests of stages/visuals/."""
