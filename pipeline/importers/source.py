"""What a source is: a format, how it is read, and what its makers are like."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.importers.item import Item
from pipeline.importers.rows import SourceFile
from schemas.pair import RejectedKind


@dataclass(frozen=True)
class Source:
    """A format that can be imported."""

    name: str
    """By which the command line names it."""
    title: str
    """Its own name; the `source` of its videos."""
    files: str
    """Which of its files are read, in words."""
    read: Callable[[SourceFile], Iterator[Item]]
    """Yields every item of a file in its order. Raises SourceError with the line number if the file is of another
    format; what is of this format and cannot be used is yielded all the same, so that it is counted."""
    is_benchmark: bool = False
    """Whether models are tested on it: its videos get split test."""
    is_by_model: bool = False
    """Whether a model wrote its answers and times, so that nobody has vouched for them."""
    licence: str | None = None
    """The licence of its videos, if it is one for all."""
    wrong_kinds: tuple[RejectedKind, ...] = ()
    """The kinds of the wrong answers of a question by their places, if each place has a kind."""
    loose_seconds: float = 0.0
    """By how much its times may be off; its events are made longer by this at both ends, so that what is said of them
    holds."""
