"""A stored clip as a pair shows it: as it is, mirrored, from its end to its start, or with planted edits."""

import io
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipeline.presentation.canvas import stored_picture
from schemas.clip import Clip, Frame
from schemas.errors import DatasetError
from schemas.scene import Scene, Track
from schemas.shown import AS_STORED, EditKind, Shown
from stages.claims.edited_scene import edited, is_known_as_shown
from stages.visuals.source import VisualSource

_JPEG_QUALITY = 95


def as_shown(clip: Clip, shown: Shown, others: Mapping[str, Clip] | None = None) -> Clip:
    """The clip with its frames and scene edited, boxes included; its segments stay as they are stored.

    A clip with planted edits has no tracks: its boxes are not known.

    Args:
        clip: the clip, as it is stored.
        shown: what is shown of it.
        others: the clips that stretches are swapped with, by id.

    Raises: DatasetError if a frame is not a readable JPEG, or if the stored frames do not bear an edit out.
    """
    if shown == AS_STORED:
        return clip
    try:
        visual = source_of(shown, clip, others or {}).full()
    except (ValueError, KeyError) as error:
        raise DatasetError(str(error)) from error
    frames = tuple(
        Frame(pts_seconds=float(at), jpeg=_jpeg(frame_HWC))
        for at, frame_HWC in zip(visual.pts_seconds, visual.frames_NHWC, strict=True)
    )
    return clip.model_copy(update={"scene": _scene(clip, shown), "frames": frames})


def source_of(shown: Shown, clip: Clip, others: Mapping[str, Clip]) -> VisualSource:
    """What the visuals of a pair about that clip are made from."""

    def decode(frames: Sequence[Frame]) -> list[NDArray[np.uint8]]:
        return [np.asarray(stored_picture(frame, clip.clip_id)) for frame in frames]

    return VisualSource(clip, shown, decode, other=others.get(shown.other_clip_id or ""))


def _scene(clip: Clip, shown: Shown) -> Scene:
    if not is_known_as_shown(clip.scene, shown):
        return clip.scene.model_copy(update={"tracks": (), "events": ()})
    scene = edited(clip.scene, shown)
    if not shown.is_whole(EditKind.REVERSED, clip):
        return scene
    pairs = zip(clip.scene.tracks, scene.tracks, strict=True)
    return scene.model_copy(update={"tracks": tuple(_renumbered(*pair, len(clip.frames)) for pair in pairs)})


def _jpeg(frame_HWC: NDArray[np.uint8]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(frame_HWC).save(buffer, "JPEG", quality=_JPEG_QUALITY)
    return buffer.getvalue()


def _renumbered(stored: Track, shown: Track, count: int) -> Track:
    boxes = (box.model_copy(update={"frame_index": count - 1 - box.frame_index}) for box in reversed(stored.boxes))
    return shown.model_copy(update={"boxes": tuple(boxes)})
