"""Measures how well the answers of a set can be guessed without the videos, and counts other habits of its texts."""
