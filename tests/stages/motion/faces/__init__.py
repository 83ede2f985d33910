"""Tests of stages/motion/faces/."""
