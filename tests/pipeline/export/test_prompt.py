"""What a user says in an export."""

from pipeline.export.prompt import time_label


def test_a_time_is_said_to_a_tenth_of_a_second() -> None:
    """As exact as a consumer must believe it."""
    assert time_label(3.14159) == "3.1 s:"
