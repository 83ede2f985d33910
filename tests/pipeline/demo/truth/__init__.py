"""Tests of pipeline/demo/truth/.

The modules visible, events, measures, names and writing are tested through the scene that they make up.
"""
