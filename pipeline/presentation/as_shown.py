"""A stored clip as a pair shows it: as it is, mirrored, from its end to its start, a stretch, or with planted edits."""

import io
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipeline.presentation.canvas import stored_picture
from schemas.box import Box
from schemas.clip import Clip, Frame, Segment
from schemas.errors import DatasetError
from schemas.interval import Interval
from schemas.scene import Scene, Track
from schemas.shown import AS_STORED, EditKind, Shown
from stages.claims.edited_scene import edited, is_known_as_shown
from stages.visuals.source import VisualSource

_JPEG_QUALITY = 95
_SAME_MOMENT_SECONDS = 0.06  # a box that was looked at so near to a frame is drawn on it


def as_shown(clip: Clip, shown: Shown, others: Mapping[str, Clip] | None = None) -> Clip:
    """The clip with its frames and scene edited, boxes included; its segments stay as they are stored.

    A stretch that is shown alone is all of the clip. A clip with planted edits has no tracks: its boxes are not known.

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
    scene = _scene(clip, shown)
    ends = {"start_seconds": scene.start_seconds, "end_seconds": scene.end_seconds}
    return clip.model_copy(update={"scene": scene, "frames": frames, **ends})


def source_of(shown: Shown, clip: Clip, others: Mapping[str, Clip]) -> VisualSource:
    """What the visuals of a pair about that clip are made from."""

    def decode(frames: Sequence[Frame]) -> list[NDArray[np.uint8]]:
        return [np.asarray(stored_picture(frame, clip.clip_id)) for frame in frames]

    return VisualSource(clip, shown, decode, other=others.get(shown.other_clip_id or ""))


def _scene(clip: Clip, shown: Shown) -> Scene:
    if not is_known_as_shown(clip.scene, shown):
        if alone := clip.segment(shown.segment_id):
            return _alone(clip.scene, alone)
        return clip.scene.model_copy(update={"tracks": (), "events": ()})
    scene = edited(clip.scene, shown)
    if not shown.is_whole(EditKind.REVERSED, clip):
        return scene
    pairs = zip(clip.scene.tracks, scene.tracks, strict=True)
    return scene.model_copy(update={"tracks": tuple(_renumbered(*pair, len(clip.frames)) for pair in pairs)})


def _alone(scene: Scene, segment: Segment) -> Scene:
    """What is known of a stretch that is shown alone: its tracks, with a box on each of its frames near to which one
    was looked at.
    """
    stretch, times = segment.interval, [frame.pts_seconds for frame in segment.frames]
    tracks = (track.model_copy(update=_within(track, stretch, times)) for track in scene.tracks)
    return scene.model_copy(
        update={
            "start_seconds": stretch.start_seconds,
            "end_seconds": stretch.end_seconds,
            "tracks": tuple(track for track in tracks if track.visible),
            "cuts": tuple(cut for cut in scene.cuts if stretch.contains(cut.pts_seconds)),
            "fades": tuple(fade for fade in scene.fades if stretch.contains(fade.pts_seconds)),
            "events": tuple(event for event in scene.events if stretch.contains(event.pts_seconds)),
        }
    )


def _within(track: Track, stretch: Interval, times: Sequence[float]) -> dict[str, object]:
    """When a track is visible in a stretch, and its boxes on frames at those times."""
    seen = (
        (max(part.start_seconds, stretch.start_seconds), min(part.end_seconds, stretch.end_seconds))
        for part in track.visible
    )
    boxes = []
    for index, seconds in enumerate(times):
        near = min(track.path, key=lambda point: abs(point.pts_seconds - seconds), default=None)
        if near is not None and abs(near.pts_seconds - seconds) <= _SAME_MOMENT_SECONDS:
            corners = {name: getattr(near, name) for name in ("x0", "y0", "x1", "y1")}
            boxes.append(Box(frame_index=index, **corners))
    visible = tuple(Interval(start_seconds=start, end_seconds=end) for start, end in seen if start < end)
    return {"visible": visible, "boxes": tuple(boxes)}


def _jpeg(frame_HWC: NDArray[np.uint8]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(frame_HWC).save(buffer, "JPEG", quality=_JPEG_QUALITY)
    return buffer.getvalue()


def _renumbered(stored: Track, shown: Track, count: int) -> Track:
    boxes = (box.model_copy(update={"frame_index": count - 1 - box.frame_index}) for box in reversed(stored.boxes))
    return shown.model_copy(update={"boxes": tuple(boxes)})
