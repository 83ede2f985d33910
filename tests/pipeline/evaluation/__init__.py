"""Tests of `vidpref evaluate`."""
