"""Tests of trainer/answering/."""
