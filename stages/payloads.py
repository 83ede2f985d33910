"""What passes from stage to stage for one video: frozen, one record per boundary, pixels as JPEG at most."""

from dataclasses import dataclass, replace
from pathlib import Path

from schemas.annotations import Annotations
from schemas.claim import Axis, Claim, QuestionType
from schemas.clip import Frame, UnitClip
from schemas.context import ClipContext
from schemas.drop import Drop
from schemas.group import CandidateGroup
from schemas.interval import Interval
from schemas.pair import Evidence
from schemas.samples import Retrospection, SampledQuestion
from schemas.shown import Shown


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
    retrospection: Retrospection | None = None
    """Of a round of self-sampling."""


@dataclass(frozen=True)
class KnownAnswer:
    """An answer that the set of questions holds."""

    text: str
    claims: tuple[Claim, ...]
    """What it asserts; empty if that is not known, or not proven by this recipe."""
    is_true: bool | None
    """Whether its claims are proven true, or false; None without claims."""


@dataclass(frozen=True)
class RoundQuestion:
    """A question of a finished set, as it is asked in every round (fields as in `CandidateGroup`)."""

    question_id: str
    """Its group in that set."""
    clip_id: str
    shown: Shown
    text: str
    question_type: QuestionType
    axis: Axis
    evidence: Evidence
    event_intervals: tuple[Interval, ...]
    keyframe_indices: tuple[int, ...]
    model: str
    prompt_hashes: tuple[str, ...]
    answers: tuple[KnownAnswer, ...]
    """In an order that does not depend on which is true."""
    has_forms: bool
    """Whether its answers have forms that a prompt may name: those of `facts` have, and of models none."""


@dataclass(frozen=True)
class RoundVideo:
    """A video of a round of self-sampling: what lies in the set of questions, and what has come of it so far."""

    content_sha256: str
    clips: tuple[UnitClip, ...]
    questions: tuple[RoundQuestion, ...]
    left_out: tuple[Drop, ...] = ()
    """Of questions that cannot be asked; they are counted with the others, at the end."""
    earlier: tuple[ClipContext, ...] = ()
    """The contexts of the round before; none for a fresh start."""
    sampled: tuple[SampledQuestion, ...] = ()
    """After `sample`, one for each question."""
    contexts: tuple[ClipContext, ...] = ()
    """After `context`."""


@dataclass(frozen=True)
class CutRequest:
    """A written video together with the file that its segments are cut from."""

    file: VideoFile
    video: WrittenVideo
