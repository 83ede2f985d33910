"""Tests of `vidpref verify`."""
