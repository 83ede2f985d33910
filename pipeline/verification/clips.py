"""Checks every stored clip, and opens clips again when a pair refers to them."""

from collections.abc import Iterator
from functools import lru_cache

import pyarrow as pa

from pipeline.dataset.finished_set import FinishedSet, RowGroup
from pipeline.verification.failure import SetFailure
from pipeline.verification.rows import rows_of
from schemas.arrow import from_table
from schemas.clip import Clip, Frame
from stages.claims.proof import ClipProver, ProofConfig

_LEAST_SEGMENT_FRAMES = 8
_PROVERS_HELD = 8
_ROUNDING_SECONDS = 1e-6
_JPEG_START, _JPEG_END = b"\xff\xd8", b"\xff\xd9"


class StoredClips:
    """Where every clip of a set lies. Holds one row group and the provers of the clips that were used last."""

    def __init__(self, opened: FinishedSet, proof: ProofConfig) -> None:
        self._opened = opened
        self.proof = proof
        self._places: dict[str, tuple[RowGroup, int]] = {}
        self._videos: dict[str, str] = {}
        self._held: tuple[RowGroup, pa.Table] | None = None
        self.prover = lru_cache(_PROVERS_HELD)(self._prover)
        """What proves claims about the clip with this id. KeyError if the set has no such clip."""

    @property
    def ids(self) -> set[str]:
        """Ids of all clips."""
        return set(self._places)

    def __contains__(self, clip_id: str) -> bool:
        return clip_id in self._places

    def check_all(self) -> Iterator[SetFailure]:
        """Read all clips once, note where each lies, and yield the failures."""
        for row in rows_of(self._opened, Clip, "clips"):
            if isinstance(row, SetFailure):
                yield row
                continue
            clip = row.record
            item = f"clip {clip.clip_id}"
            if clip.clip_id in self._places:
                yield SetFailure(item, "another clip has the same id")
            self._places[clip.clip_id] = (row.group, row.number)
            self._videos[clip.clip_id] = clip.video_id
            yield from (SetFailure(item, problem) for problem in _clip_problems(clip))

    def video_id(self, clip_id: str) -> str:
        """The video of a clip. KeyError if the set has no such clip."""
        return self._videos[clip_id]

    def _prover(self, clip_id: str) -> ClipProver:
        group, number = self._places[clip_id]
        if self._held is None or self._held[0] != group:
            self._held = (group, self._opened.read(group))
        [clip] = from_table(Clip, self._held[1].slice(number, 1))
        return ClipProver(clip, self.proof)


def _clip_problems(clip: Clip) -> Iterator[str]:
    if not clip.frames:
        yield "it has no frames"
    if not all(_is_jpeg(frame) for frame in clip.frames):
        yield "a frame is not a complete JPEG"
    if len({segment.segment_id for segment in clip.segments}) < len(clip.segments):
        yield "two segments have the same id"
    for segment in clip.segments:
        if len(segment.frames) < _LEAST_SEGMENT_FRAMES or not all(_is_jpeg(frame) for frame in segment.frames):
            yield f"segment {segment.segment_id} needs at least {_LEAST_SEGMENT_FRAMES} complete JPEG frames"
    yield from _scene_problems(clip)


def _scene_problems(clip: Clip) -> Iterator[str]:
    if (clip.scene.start_seconds, clip.scene.end_seconds) != (clip.start_seconds, clip.end_seconds):
        yield "its scene covers other seconds than the clip"
    if not all(clip.start_seconds <= at <= clip.end_seconds for at in clip.scene.shot_starts):
        yield "a shot begins outside the clip"
    for track in clip.scene.tracks:
        if any(box.frame_index >= len(clip.frames) for box in track.boxes):
            yield f"track {track.track_id}: a box lies on a frame that does not exist"
        times = [point.pts_seconds for point in track.path]
        early, late = clip.start_seconds - _ROUNDING_SECONDS, clip.end_seconds + _ROUNDING_SECONDS
        if times and not early <= times[0] <= times[-1] <= late:
            yield f"track {track.track_id}: its path reaches beyond the clip"


def _is_jpeg(frame: Frame) -> bool:
    return frame.jpeg.startswith(_JPEG_START) and frame.jpeg.rstrip(b"\0").endswith(_JPEG_END)
