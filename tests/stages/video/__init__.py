"""Tests of stages/video/."""
