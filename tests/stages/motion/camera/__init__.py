"""Tests of stages/motion/camera/."""
