"""One of the processes of a training, and its share of the work."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import torch.distributed as dist

T = TypeVar("T")


@dataclass(frozen=True)
class Rank:
    """One process of a training."""

    number: int = 0
    """From 0."""
    count: int = 1
    """Processes of the training."""
    sharded: bool = False
    """Whether each process holds only a part of the model, so that all must make their passes in step."""

    @property
    def leads(self) -> bool:
        """Whether this is rank 0, which writes files and prints."""
        return self.number == 0

    def share(self, items: Sequence[T]) -> tuple[tuple[T, bool], ...]:
        """Its part of `items`, each with whether it counts.

        Items are dealt out in turn, equally many to each process: one that has fewer repeats the last item of all,
        which then does not count.
        """
        rounds = -(-len(items) // self.count)
        own = [(item, True) for item in items[self.number :: self.count]]
        return tuple(own + [(items[-1], False)] * (rounds - len(own)))

    def gathered(self, own: T) -> list[T]:
        """What each process gave, in order of rank; all processes must call it, and wait for each other."""
        of_all: list[Any] = [own] * self.count
        if self.count > 1:
            dist.all_gather_object(of_all, own)
        return of_all

    def wait_for_all(self) -> None:
        """Return when every process has reached this line."""
        if self.count > 1:
            dist.barrier()
