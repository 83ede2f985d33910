"""What every step of the pipeline is: one input in, outputs and drops out."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Generic, TypeVar

from numpy.random import Generator

from schemas.drop import Drop
from schemas.record import Record

In = TypeVar("In")
Out = TypeVar("Out")


class Stage(Record, ABC, Generic[In, Out]):
    """A frozen record of its whole configuration, with one method.

    A stage neither logs, counts, retries nor writes files; its docstring names every reason it may drop for.
    """

    @abstractmethod
    def process(self, item: In, rng: Generator, /) -> Iterator[Out | Drop]:
        """Yield what becomes of `item`; all randomness comes from `rng`, derived from (run seed, stage, item id)."""
