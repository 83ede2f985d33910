"""Tests of the blind audit."""
