"""Which of a training's processes this is, its share of the work, and what all of them must do in step."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import torch.distributed as dist

T = TypeVar("T")


@dataclass(frozen=True)
class Place:
    """One process of a training.

    Processes that each hold a part of the model only (`sharded`) fetch the parts from each other in every forward
    pass: all must make equally many, in one order, or they wait for each other for ever.
    """

    rank: int = 0
    ranks: int = 1
    sharded: bool = False

    @property
    def leads(self) -> bool:
        """Whether it is the one that writes and tells."""
        return self.rank == 0

    def share(self, items: Sequence[T]) -> tuple[tuple[T, bool], ...]:
        """Its part of `items`, each with whether it counts.

        They are dealt out in turn, equally many to each: a process that has fewer repeats the last one of all, which
        does not count.
        """
        rounds = -(-len(items) // self.ranks)
        own = [(item, True) for item in items[self.rank :: self.ranks]]
        return tuple(own + [(items[-1], False)] * (rounds - len(own)))

    def passes(self, wanted: Sequence[bool]) -> list[bool]:
        """Which of its next forward passes this process has to make, given which of them it wants to.

        Where the model is sharded: those that any process wants; passes after the end of `wanted` are idle.
        """
        if not self.sharded:
            return list(wanted)
        of_all: list[Any] = [None] * self.ranks
        dist.all_gather_object(of_all, list(wanted))
        most = max(map(len, of_all))
        return [any(number < len(one) and one[number] for one in of_all) for number in range(most)]

    def most(self, number: int) -> int:
        """The largest of all processes' numbers, where the model is sharded; else its own."""
        return len(self.passes([True] * number))

    def wait_for_all(self) -> None:
        """Go on when every process has come here."""
        if self.ranks > 1:
            dist.barrier()
