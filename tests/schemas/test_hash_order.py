"""Orders and shares by hash."""

from schemas.hash_order import hash_fraction, hash_order


def test_ids_are_told_apart() -> None:
    """Two ids are not the same as one id of their letters, or as other two of them; the same ids give the same key."""
    assert len({hash_order("ab", "c"), hash_order("a", "bc"), hash_order("abc")}) == 3
    assert hash_order("ab", "c") == hash_order("ab", "c")


def test_fractions_are_spread_evenly() -> None:
    """Of 1,000 ids about 500 lie below one half: 16 is a standard deviation of that number, sqrt(1000 / 4)."""
    fractions = [hash_fraction("a seed", str(number)) for number in range(1000)]
    assert all(0 <= fraction < 1 for fraction in fractions)
    assert abs(sum(fraction < 0.5 for fraction in fractions) - 500) <= 4 * 16
