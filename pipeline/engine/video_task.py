"""One video on its way through the steps, with its result so far."""

import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.inputs.contents import Video
from schemas.drop import Drop, ItemType
from schemas.errors import CapError, UserError
from schemas.problems import one_line
from stages.payloads import DecodedVideo, GroundedVideo, RoundVideo, WrittenVideo

Item = DecodedVideo | GroundedVideo | WrittenVideo | RoundVideo
"""What one step hands to the next."""


@dataclass(frozen=True)
class StageBug:
    """An exception that stops the run: a bug, a UserError, such as an output that cannot be written, or a CapError."""

    step: str
    item: str
    error: str
    """Type and message, one line."""
    trace: str
    expected: type[UserError | CapError] | None = None
    """The kind of error that ends a run without being a bug: the user's input is wrong, or a cap is reached."""

    @classmethod
    def of(cls, step: str, item: str, error: Exception) -> "StageBug":
        """The bug of an exception."""
        summary = one_line(f"{type(error).__name__}: {error}")
        if isinstance(error, UserError | CapError):
            return cls(step, item, str(error), "", expected=type(error))
        return cls(step, item, summary, "".join(traceback.format_exception(error)))

    def exception(self) -> "StageBugError | UserError | CapError":
        """The exception to raise in the driver."""
        return self.expected(self.error) if self.expected else StageBugError(self)

    def __str__(self) -> str:
        return f"{self.step} failed on {self.item}: {self.error}"


class StageBugError(Exception):
    """A stage raised an exception that it must not raise: the run stops, committed units stay."""

    def __init__(self, bug: StageBug) -> None:
        super().__init__(str(bug))
        self.bug = bug


@dataclass(frozen=True)
class VideoTask:
    """A video with the result of the last step, and all drops so far."""

    video: Video
    item: Item | None = None
    """None before the first step, and after the video was dropped."""
    drops: tuple[Drop, ...] = ()
    bug: StageBug | None = None

    @property
    def ended(self) -> bool:
        """Whether no stage has anything left to do: the video was dropped, or a stage has failed."""
        return self.bug is not None or any(drop.item_type is ItemType.VIDEO for drop in self.drops)

    def after(self, outcomes: Sequence[Item | Drop]) -> "VideoTask":
        """The task after a stage. Raises ValueError unless the stage gave one item or dropped the video."""
        items = [outcome for outcome in outcomes if not isinstance(outcome, Drop)]
        drops = tuple(outcome for outcome in outcomes if isinstance(outcome, Drop))
        dropped = sum(drop.item_type is ItemType.VIDEO for drop in drops)
        if len(items) + dropped != 1:
            raise ValueError(
                f"a stage must pass on one item or drop the video, got {len(items)} items and {dropped} drops"
            )
        return replace(self, item=items[0] if items else None, drops=self.drops + drops)

    def broken(self, bug: StageBug) -> "VideoTask":
        """The task after a bug."""
        return replace(self, item=None, bug=bug)


@dataclass(frozen=True)
class StepReport:
    """What one step did to one video, for progress and for measuring."""

    step: str
    dropped: int
    """Items that the step dropped."""
    cpu_seconds: float
    """CPU time of the worker and its child inside the step."""
    bug: StageBug | None
