"""Tests of pipeline/inspection/; its tables and lists are tested through the command, in test_run."""
