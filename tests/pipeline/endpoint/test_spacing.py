"""Even spacing of calls and tokens."""

import pytest

from pipeline.endpoint.spacing import Spacing


def test_amounts_are_spaced_evenly_and_never_saved_up() -> None:
    """At 120 a minute one takes half a second; ten idle seconds do not allow two at once."""
    spacing = Spacing(120)
    assert spacing.wait_seconds(0) == 0
    spacing.take(1, now=0)
    spacing.take(1, now=0)
    assert spacing.wait_seconds(0) == pytest.approx(1.0)
    assert spacing.wait_seconds(10) == 0
    spacing.take(1, now=10)
    assert spacing.wait_seconds(10) == pytest.approx(0.5)


def test_what_is_given_back_can_be_taken_at_once() -> None:
    """600 tokens of a thousand a minute take 36 s; 500 unused ones leave 6 s to wait."""
    spacing = Spacing(1000)
    spacing.take(600, now=0)
    spacing.give_back(500)
    assert spacing.wait_seconds(0) == pytest.approx(6.0)


def test_without_a_limit_nothing_waits() -> None:
    """None is no limit."""
    spacing = Spacing(None)
    spacing.take(1e9, now=0)
    assert spacing.wait_seconds(0) == 0
