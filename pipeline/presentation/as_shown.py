"""A stored clip as a pair shows it: as it is, mirrored, or from its end to its start."""

import io

from PIL import ImageOps

from pipeline.presentation.canvas import stored_picture
from schemas.clip import Clip, Frame
from schemas.scene import Track
from schemas.shown import AS_STORED, EditKind, Shown
from stages.claims.edited_scene import edited

_JPEG_QUALITY = 95


def as_shown(clip: Clip, shown: Shown) -> Clip:
    """The clip with its frames and scene edited, boxes included; its segments stay as they are stored.

    Raises DatasetError if a frame to be mirrored is not a readable JPEG.
    """
    if shown == AS_STORED:
        return clip
    scene, frames = edited(clip.scene, shown), clip.frames
    if shown.is_whole(EditKind.MIRRORED, clip):
        return clip.model_copy(update={"scene": scene, "frames": tuple(_mirrored(frame, clip) for frame in frames)})
    backwards = tuple(
        frame.model_copy(update={"pts_seconds": clip.start_seconds + clip.end_seconds - frame.pts_seconds})
        for frame in reversed(frames)
    )
    tracks = tuple(
        _renumbered(track, there, len(frames)) for track, there in zip(clip.scene.tracks, scene.tracks, strict=True)
    )
    return clip.model_copy(update={"scene": scene.model_copy(update={"tracks": tracks}), "frames": backwards})


def _mirrored(frame: Frame, clip: Clip) -> Frame:
    buffer = io.BytesIO()
    ImageOps.mirror(stored_picture(frame, clip.clip_id)).save(buffer, "JPEG", quality=_JPEG_QUALITY)
    return frame.model_copy(update={"jpeg": buffer.getvalue()})


def _renumbered(stored: Track, shown: Track, count: int) -> Track:
    boxes = (box.model_copy(update={"frame_index": count - 1 - box.frame_index}) for box in reversed(stored.boxes))
    return shown.model_copy(update={"boxes": tuple(boxes)})
