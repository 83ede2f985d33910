"""What passes from stage to stage for one video: frozen, one record per boundary, pixels as JPEG at most."""

from dataclasses import dataclass, replace
from pathlib import Path

from schemas.annotations import Annotations
from schemas.clip import Frame, UnitClip
from schemas.group import CandidateGroup


@dataclass(frozen=True)
class ClipHeader:
    """The facts of a `UnitClip` that decoding alone knows (fields as there)."""

    clip_id: str
    content_sha256: str
    codec: str
    width: int
    height: int
    rotation_degrees: int
    start_seconds: float
    end_seconds: float
    duration_seconds_from_header: float | None
    duration_seconds_measured: float


@dataclass(frozen=True)
class DecodedClip:
    """A clip that nothing has been seen in yet."""

    header: ClipHeader
    frames: tuple[Frame, ...]
    """The sampled frames, short side as the recipe says, upright."""
    analysis: tuple[Frame, ...]
    """The analysis stream: rate, short side and quality as the recipe says, upright; never stored."""


@dataclass(frozen=True)
class VideoFile:
    """A file that lies on this machine."""

    path: Path
    content_sha256: str
    """SHA-256 of the file, hex."""
    annotations: Annotations | None = None
    """What the manifest says of the video's content."""


@dataclass(frozen=True)
class DecodedVideo:
    """The clips of one file."""

    content_sha256: str
    clips: tuple[DecodedClip, ...]
    annotations: Annotations | None = None
    """As of the file: `ground` and `generate` may use them."""
    path: Path | None = None
    """Its file on this machine, if the step that has it asked for that."""

    @classmethod
    def with_file(cls, file: VideoFile, video: "DecodedVideo") -> "DecodedVideo":
        """The video with its file, for a step that reads further frames."""
        return replace(video, path=file.path)


@dataclass(frozen=True)
class GroundedVideo:
    """Clips with what was seen in them; no segments yet."""

    content_sha256: str
    clips: tuple[UnitClip, ...]
    annotations: Annotations | None = None
    """As of the file."""


@dataclass(frozen=True)
class WrittenVideo:
    """Grounded clips with the groups that the writer offers: after `generate`; with segments, after `cut`; with
    verdicts, after `verify`.
    """

    content_sha256: str
    clips: tuple[UnitClip, ...]
    groups: tuple[CandidateGroup, ...]
    questions_seen: int
    annotations: Annotations | None = None
    """As of the file."""


@dataclass(frozen=True)
class CutRequest:
    """A written video together with the file that its segments are cut from."""

    file: VideoFile
    video: WrittenVideo
