"""Randomness by name: the same (seed, stage, item) gives the same numbers on every machine, in any order."""

import hashlib

from numpy.random import Generator, default_rng


def rng_for(seed: int, stage: str, item_id: str) -> Generator:
    """The generator of one stage for one item."""
    digest = hashlib.sha256(f"{seed}\0{stage}\0{item_id}".encode()).digest()
    return default_rng(int.from_bytes(digest[:16], "big"))
