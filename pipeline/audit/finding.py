"""What an audit points out, and what can be done about it."""

from schemas.record import Record


class Finding(Record):
    """One thing that is wrong with a set, or that nobody knows of it yet."""

    topic: str
    """What it is about, in a word or two: guessing, words, length, repeats, videos, benchmarks, coverage, people."""
    says: str
    """What was found, with its numbers."""
    do: str
    """What can be done about it."""
