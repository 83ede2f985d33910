"""The clips of a set, read when they are looked at: as they are stored, as a pair shows them, and as thumbnails."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import RLock

from PIL import Image

from pipeline.dataset.finished_set import FinishedSet, RowGroup
from pipeline.presentation.as_shown import as_shown, source_of
from pipeline.presentation.canvas import evenly_chosen, stored_picture, thumbnail
from pipeline.viewer.recent import Recent
from schemas.arrow import from_table
from schemas.clip import Clip
from schemas.errors import DatasetError, UserError
from schemas.pair import Pair
from schemas.shown import Shown
from schemas.visual_negative import VisualNegative
from stages.visuals.negatives import control_visual, negative_visual, preferred_visual
from stages.visuals.visual import Visual

_THUMBNAIL = (192, 128)
_NEGATIVE_WIDTH = 256
_KEPT_CLIPS, _KEPT_THUMBNAILS = 12, 2_000
PARTS = ("preferred", "corrupted", "control")


@dataclass(frozen=True)
class PageFrame:
    """One frame for a page."""

    seconds: float
    """When it is shown."""
    jpeg: bytes


class ClipShelf:
    """Reads clips by id. Several threads may use it, one after another. DatasetError if the set is damaged."""

    def __init__(self, opened: FinishedSet) -> None:
        self._opened = opened
        self._lock = RLock()
        self._places: dict[str, tuple[RowGroup, int]] = {}
        self.uris: dict[str, str] = {}
        """The URI of each clip's video, by clip id."""
        for group in opened.row_groups("clips"):
            names = opened.read(group, ("clip_id", "uri"))
            for row, (clip_id, uri) in enumerate(
                zip(*(names.column(n).to_pylist() for n in ("clip_id", "uri")), strict=True)
            ):
                self._places[clip_id], self.uris[clip_id] = (group, row), uri
        self._clips = Recent[Clip](_KEPT_CLIPS)
        self._shown = Recent[Clip](_KEPT_CLIPS)
        self._negatives = Recent[list[PageFrame]](_KEPT_CLIPS * len(PARTS))
        self._thumbnails = Recent[bytes](_KEPT_THUMBNAILS)

    def clip(self, clip_id: str) -> Clip:
        """A clip as it is stored. UserError if there is no such clip."""
        with self._lock:
            return self._clips.get(clip_id, lambda: self._read(clip_id))

    def shown(self, clip_id: str, shown: Shown) -> Clip:
        """A clip as a pair shows it."""
        with self._lock:
            clip = self.clip(clip_id)
            return self._shown.get(
                (clip_id, shown.model_dump_json()), lambda: as_shown(clip, shown, self._others([shown.other_clip_id]))
            )

    def negative(self, pair: Pair, number: int, part: str) -> list[PageFrame]:
        """The frames of a visual negative, its preferred visual, or its control; none if it has no control.

        UserError if the pair has no negative of that number, or if there is no such part.
        """
        if not 0 <= number < len(pair.visual_negatives) or part not in PARTS:
            raise UserError(f"pair {pair.pair_id} has no {part} visual {number}")
        with self._lock:
            return self._negatives.get((pair.pair_id, number, part), lambda: self._made(pair, number, part))

    def few(self, pair: Pair, most: int) -> list[PageFrame]:
        """A few frames of what a pair shows, evenly chosen, small."""
        clip = self.shown(pair.clip_id, pair.shown)
        chosen = [clip.frames[number] for number in evenly_chosen(len(clip.frames), most)]
        small = (thumbnail(stored_picture(frame, clip.clip_id), _NEGATIVE_WIDTH, _NEGATIVE_WIDTH) for frame in chosen)
        return [PageFrame(frame.pts_seconds, _jpeg(one)) for frame, one in zip(chosen, small, strict=True)]

    def thumbnail(self, clip_id: str) -> bytes:
        """The middle frame of a clip, small."""
        with self._lock:
            return self._thumbnails.get(clip_id, lambda: self._thumbnail(clip_id))

    def _read(self, clip_id: str) -> Clip:
        if clip_id not in self._places:
            raise UserError(f"the set has no clip {clip_id}")
        group, row = self._places[clip_id]
        with self._opened.open_shard(group.shard) as file:
            for number, batch in enumerate(file.iter_batches(batch_size=1, row_groups=[group.number])):
                if number == row:
                    try:
                        [clip] = from_table(Clip, batch)
                    except ValueError as error:
                        raise DatasetError(f"clip {clip_id} is damaged: {error}; see vidpref verify") from error
                    return clip
        raise DatasetError(f"clip {clip_id} is missing from {group.shard.path}; see vidpref verify")

    def _others(self, ids: Sequence[str | None]) -> dict[str, Clip]:
        return {clip_id: self.clip(clip_id) for clip_id in ids if clip_id is not None}

    def _made(self, pair: Pair, number: int, part: str) -> list[PageFrame]:
        spec = pair.visual_negatives[number]
        other = None if spec.other_clip_id is None else self.clip(spec.other_clip_id)
        ids = [pair.shown.other_clip_id, None if spec.shown is None else spec.shown.other_clip_id]
        source = source_of(pair.shown, self.clip(pair.clip_id), self._others(ids))
        try:
            full = source.full()
            makers: dict[str, Callable[[VisualNegative], Visual | None]] = {
                "preferred": lambda one: preferred_visual(one, full, source),
                "corrupted": lambda one: negative_visual(one, full, source, other),
                "control": lambda one: control_visual(one, full, source),
            }
            visual = makers[part](spec)
        except (ValueError, KeyError) as error:
            raise DatasetError(f"pair {pair.pair_id}: {error}; see vidpref verify") from error
        return [] if visual is None else _pictures(visual)

    def _thumbnail(self, clip_id: str) -> bytes:
        clip = self.clip(clip_id)
        if not clip.frames:
            raise DatasetError(f"clip {clip_id} has no frames; see vidpref verify")
        return _jpeg(thumbnail(stored_picture(clip.frames[len(clip.frames) // 2], clip_id), *_THUMBNAIL))


def _pictures(visual: Visual) -> list[PageFrame]:
    frames = zip(visual.pts_seconds, visual.frames_NHWC, strict=True)
    return [
        PageFrame(float(seconds), _jpeg(thumbnail(pixels, _NEGATIVE_WIDTH, _NEGATIVE_WIDTH)))
        for seconds, pixels in frames
    ]


def _jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=82)
    return buffer.getvalue()
