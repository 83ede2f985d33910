"""Orders and shares by hash: they depend on ids alone, so nothing else in a set can change them."""

import hashlib


def hash_order(*ids: str) -> bytes:
    """A key to sort by: the SHA-256 of the ids, joined by zero bytes."""
    return hashlib.sha256("\0".join(ids).encode()).digest()


def hash_fraction(*ids: str) -> float:
    """A number in [0, 1), spread evenly over ids."""
    return int.from_bytes(hash_order(*ids)[:8], "big") / 2**64
