"""Tests of trainer/losses."""
