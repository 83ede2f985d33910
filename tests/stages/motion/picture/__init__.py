"""Tests of stages/motion/picture/."""
