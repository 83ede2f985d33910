"""Tests of what annotations say about a clip."""
