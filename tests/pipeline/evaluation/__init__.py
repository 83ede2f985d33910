"""Tests of pipeline/evaluation/; observations are tested through the report, in test_report."""
