"""One of the processes of a training: its share of the work, and the forward passes that all of them make in step."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import torch.distributed as dist

T = TypeVar("T")


@dataclass(frozen=True)
class Rank:
    """One process of a training.

    If each process holds only a part of the model (`sharded`), it fetches the other parts in every forward pass: all
    processes must make equally many passes, in one order, or they wait for each other for ever.
    """

    number: int = 0
    """From 0."""
    count: int = 1
    """Processes of the training."""
    sharded: bool = False

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

    def passes(self, wanted: Sequence[bool]) -> list[bool]:
        """Which of its next forward passes this process has to make, given which of them it wants to make.

        If the model is sharded: those that any process wants; passes after the end of `wanted` are idle.
        """
        if not self.sharded:
            return list(wanted)
        of_all: list[Any] = [None] * self.count
        dist.all_gather_object(of_all, list(wanted))
        most = max(map(len, of_all))
        return [any(number < len(one) and one[number] for one in of_all) for number in range(most)]

    def most(self, number: int) -> int:
        """The largest of all processes' numbers if the model is sharded, else its own."""
        return len(self.passes([True] * number))

    def wait_for_all(self) -> None:
        """Return when every process has reached this line."""
        if self.count > 1:
            dist.barrier()
