"""A video as the user gives it."""

from enum import StrEnum

from pydantic import Field

from schemas.annotations import Annotations
from schemas.record import Record


class Split(StrEnum):
    """The part of the set that a video belongs to."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


class VideoRef(Record):
    """A line of a manifest, or a file in a folder."""

    uri: str = Field(min_length=1)
    """Where the video is: a path relative to --videos, or an absolute path or address."""
    id: str | None = None
    """The user's own id; without one, the id is made from the content hash."""
    source: str | None = None
    """The data set or collection that the video comes from."""
    split: Split | None = None
    """Train, validation or test; without one, 5 % of the videos are validation, chosen by a hash of the id."""
    licence: str | None = None
    """The licence of the video, as the user states it."""
    annotations: Annotations | None = None
    """What is known of the video's content; a manifest gives it inline, or as the path of a JSON file."""

    def video_id(self, content_sha256: str) -> str:
        """The id of the video in the set: the user's own, or the first 16 hex digits of the content hash."""
        return self.id or content_sha256[:16]
