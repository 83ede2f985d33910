"""Tests of stages/motion/shots/."""
