"""The jobs that a child process is given, and its replies."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from stages.video.pixels import Room
from stages.video.unusable import UnusableVideo


@dataclass(frozen=True)
class Job:
    """A call for the child to make; the function is pickled by its name."""

    function: Callable[..., object]
    arguments: tuple[object, ...]
    named: Mapping[str, object] = field(default_factory=dict)

    def __call__(self, room: Room) -> object:  # noqa: ARG002  pixels alone need it
        """Make the call."""
        return self.function(*self.arguments, **self.named)


@dataclass(frozen=True)
class PixelJob(Job):
    """A call that makes pixels; it gets `room`, the memory to make them in, so that they need not be copied."""

    def __call__(self, room: Room) -> object:
        """Make the call."""
        return self.function(*self.arguments, **self.named, room=room)


@dataclass(frozen=True)
class Done:
    """The call returned."""

    result: object


@dataclass(frozen=True)
class Unusable:
    """The call found that the video cannot be used."""

    error: UnusableVideo


@dataclass(frozen=True)
class OutOfMemory:
    """The call could not get the memory that it asked for."""


@dataclass(frozen=True)
class Raised:
    """The call raised an exception that it must not raise."""

    traceback_text: str
