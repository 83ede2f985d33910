"""Tests of `vidpref ask`."""
