"""Threads that read, decode and encode groups ahead of the model.

Nearly all of their time is spent in libraries that let other threads run meanwhile, and nothing has to be copied from
one process to another: a visual of 32 frames is 135 MB, more than many containers have as shared memory.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

import torch
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # scikit-learn brings it, without stubs

T = TypeVar("T")
R = TypeVar("R")
_MOST_BY_DEFAULT = 8


def default_feeders(device: str, processes: int) -> int:
    """Threads that a process gets by default: one where the model needs the cores itself, else its share of them."""
    if not device.startswith("cuda"):
        return 1
    share = len(os.sched_getaffinity(0)) // processes
    return max(1, min(_MOST_BY_DEFAULT, share - 1))


class Feeders:
    """`count` threads; results come in the order of what was asked for, however many there are."""

    def __init__(self, count: int = 1) -> None:
        self.count = count
        self._pool = ThreadPoolExecutor(count, "feed", _on_one_core if count > 1 else None)

    def submit(self, make: Callable[[T], R], item: T) -> Future[R]:
        """`make(item)`, after what was submitted before."""
        return self._pool.submit(make, item)

    def ahead(self, make: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """`make` of each item, in order: as many are made ahead as there are threads, and one more is ready."""
        rest = iter(items)
        waiting = deque(self.submit(make, item) for item in islice(rest, self.count + 1))
        try:
            while waiting:
                made = waiting.popleft().result()
                waiting.extend(self.submit(make, item) for item in islice(rest, 1))
                yield made
        finally:
            for future in waiting:
                future.cancel()


def _on_one_core() -> None:
    """Let this thread compute by itself: teams of several threads would get into each other's way.

    `torch.set_num_threads` would slow down the model's thread too; OpenMP's own limit is one of each thread. Torch sets
    it at its first question, so the question comes first.
    """
    torch.get_num_threads()
    threadpool_limits(1, user_api="openmp")
