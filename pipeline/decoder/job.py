"""What a decoder child is asked, and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Job:
    """A call for the child to make; the function is pickled by its name."""

    function: Callable[..., object]
    arguments: tuple[object, ...]


@dataclass(frozen=True)
class Done:
    """What the call gave."""

    result: object


@dataclass(frozen=True)
class OutOfMemory:
    """The call could not get the memory that it asked for."""


@dataclass(frozen=True)
class Bug:
    """The call raised what it must not raise."""

    traceback_text: str
