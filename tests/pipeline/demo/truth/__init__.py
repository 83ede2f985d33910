"""Tests of pipeline/demo/truth/; visible, events and measures are tested through the scene that they make up."""
