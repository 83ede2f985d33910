"""Tests of pipeline/demo/world/; palette, scenery and frames are tested through the rendered files."""
