"""Tests of trainer/loop/."""
