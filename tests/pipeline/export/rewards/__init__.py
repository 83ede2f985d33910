"""Tests of pipeline/export/rewards/: what completions are worth, and the file that trainers import."""
