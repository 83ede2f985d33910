"""Orders and shares by hash."""

import hashlib

import pytest

from schemas.hash_order import hash_fraction, hash_order


def test_the_order_is_that_of_a_sha_256() -> None:
    """Several ids are joined by zero bytes, so that ("ab", "c") and ("a", "bc") differ."""
    assert hash_order("a", "b") == hashlib.sha256(b"a\0b").digest()
    assert hash_order("ab", "c") != hash_order("a", "bc")


def test_fractions_are_spread_evenly() -> None:
    """Of 4,000 ids 400 are expected in each of ten bins, with a standard deviation of 19; no bin is off by five."""
    fractions = [hash_fraction(str(number)) for number in range(4000)]
    assert all(0 <= fraction < 1 for fraction in fractions)
    bins = [sum(int(10 * fraction) == place for fraction in fractions) for place in range(10)]
    assert bins == pytest.approx([400] * 10, abs=95)
