"""Tests of pipeline/demo/; run is tested through the command, in test_rehearsal."""
