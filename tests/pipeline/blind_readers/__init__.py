"""Tests of pipeline/blind_readers/."""
