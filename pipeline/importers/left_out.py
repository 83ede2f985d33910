"""What an import leaves out, and why: one record for each item, written beside the manifest."""

from enum import StrEnum

from schemas.record import Record


class ImportKind(StrEnum):
    """The kind of an item that is imported or left out."""

    VIDEO = "video"
    QUESTION = "question"
    CAPTION = "caption"
    EVENT = "event"
    BOX = "box"


class ImportReason(StrEnum):
    """Why an item was left out. The first block is for videos; what a source says of such a video goes with it."""

    # a video
    NO_FILE = "no such file below --videos"
    SEVERAL_FILES = "several files below --videos have this name"
    SAME_FILE = "another video of the source is the same file"
    CANNOT_BE_READ = "its file cannot be read"
    EXCLUDED_BY_ID = "an excluded video has this id"
    EXCLUDED_BY_LOOKS = "it looks like an excluded video"
    FEW_SHOTS = "too few shots that differ"
    LITTLE_MOTION = "too little motion, and too few shots if those were asked for"
    # what is said of it
    DUPLICATE = "said twice"
    OTHER_ANSWER = "asked twice with different answers"
    EMPTY = "empty text"
    NO_ANSWER = "no answer given"
    NO_TIME = "no time given"
    ENDS_BEFORE_START = "does not end after it starts"
    AFTER_THE_END = "outside the duration of the video"
    NO_FRAME_TIMES = "the time of its frame is not known without the video"
    NO_NOUN = "not said what it is, or marked as not to count"
    SEVERAL_NOUNS = "one of several things"
    NO_AREA = "box without area"
    OUTSIDE_FRAME = "box outside the frame"
    NO_FRAME_SIZE = "the size of the frame is not known without the video"
    OTHER_FRAME_SIZE = "made for a frame of another shape"


class LeftOut(Record):
    """One item that is not in the manifest."""

    file: str
    """The file that it is in."""
    line: int
    """The line or row of that file; the first is 1."""
    video: str
    """Id of its video."""
    kind: ImportKind
    """What it is."""
    reason: ImportReason
    """Why it was left out."""
    detail: str | None = None
    """What was found."""


class Unfit(Exception):  # noqa: N818 it is named after what it says of an item
    """An item cannot be used."""

    def __init__(self, reason: ImportReason, detail: str | None = None) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail
