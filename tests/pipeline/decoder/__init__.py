"""Tests of pipeline.decoder."""
