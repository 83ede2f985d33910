"""A video as the user names it."""

from enum import StrEnum

from pydantic import Field

from schemas.record import Record


class Split(StrEnum):
    """Which part of the set a video belongs to."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


class VideoRef(Record):
    """A line of a manifest, or a file of a folder."""

    uri: str = Field(min_length=1)
    """Where the video lies: a path relative to --videos, or an absolute path or address."""
    id: str | None = None
    """The user's own id; by default one is made from the content hash."""
    source: str | None = None
    """The data set or collection that the video comes from."""
    split: Split | None = None
    """Train, validation or test; by default 5 % validation by hash of the video id."""
    licence: str | None = None
    """The licence of the video, as the user states it."""

    def video_id(self, content_sha256: str) -> str:
        """The id of the video in the set: the user's own, or the first 16 hex digits of the content hash."""
        return self.id or content_sha256[:16]
