"""What every step of the pipeline is: one input in, outputs and drops out."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, ParamSpec, Protocol, TypeVar

from numpy.random import Generator

from schemas.drop import Drop
from schemas.record import Record

In = TypeVar("In")
Tools = TypeVar("Tools")
Out = TypeVar("Out")
P = ParamSpec("P")
T = TypeVar("T")


class PixelReader(Protocol):
    """Calls a function that reads pixels where a native crash costs one video, not the run."""

    def __call__(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """`function(*args, **kwargs)`; function, arguments and result must pickle.

        Raises what the function raises, and UnusableVideo if it crashed or exceeded a limit.
        """
        ...


def read_here(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """A `PixelReader` that calls the function in this process."""
    return function(*args, **kwargs)


class StageSettings(Record, ABC):
    """What a run asks of a stage before it opens it."""

    def prompts(self) -> tuple[str, ...]:
        """The files and folders below prompts/ that the stage takes texts from; their hashes are in the fingerprint."""
        return ()

    def check(self) -> None:
        """Raise a UserError if something that `open` needs is missing; called once, before a run starts anything."""
        return

    def packages(self) -> tuple[str, ...]:
        """Name and version of installed packages that may change its results; they are in the fingerprint."""
        return ()


class Stage(StageSettings, Generic[In, Tools, Out]):
    """A frozen record of its whole configuration that turns one input into outputs and drops.

    A stage does not log, count, retry or write files; its docstring names every reason it may drop for.
    """

    @abstractmethod
    def open(self, read: PixelReader, /) -> Tools:
        """What `process` works with, such as a live model; opened once per worker. None if it needs nothing.

        A stage that reads pixels keeps `read` among its tools and calls OpenCV or a decoder through it alone. Raises a
        UserError if something is missing that `check` could not see; it ends the run.
        """

    @abstractmethod
    def process(self, item: In, tools: Tools, rng: Generator, /) -> Iterator[Out | Drop]:
        """Yield what becomes of `item`; all randomness comes from `rng`, derived from (run seed, stage, item id)."""

    def process_batch(
        self, items: Sequence[In], tools: Tools, rngs: Sequence[Generator], /
    ) -> Sequence[Sequence[Out | Drop]]:
        """The outcomes of each of at least one item, in their order; must not depend on what else is in the batch.

        A stage whose model is faster on several inputs at once overrides it.
        """
        return [list(self.process(item, tools, rng)) for item, rng in zip(items, rngs, strict=True)]


class AsyncStage(StageSettings, Generic[In, Tools, Out]):
    """A stage that mostly waits, for example for an endpoint: one worker holds many videos in it at a time."""

    @abstractmethod
    def open(self, read: PixelReader, /) -> Tools:
        """As `Stage.open`; the tools serve all items that are being worked on."""

    @abstractmethod
    async def process(self, item: In, tools: Tools, rng: Generator, /) -> Sequence[Out | Drop]:
        """What becomes of `item`; neither its order nor what else is in flight may change it."""
