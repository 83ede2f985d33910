"""Tests of pipeline/presentation/; track_colours is tested through the sheets that use it."""
