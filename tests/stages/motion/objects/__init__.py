"""Tests of stages/motion/objects/."""
