"""A stored clip as a twin shows it: mirrored, or from its end to its start."""

import cv2

from pipeline.presentation.canvas import decoded_picture
from schemas.clip import Clip, Frame
from schemas.pair import VisualEdit
from schemas.scene import Track
from stages.claims.visual_edit import edited

_JPEG_QUALITY = 95


def as_shown(clip: Clip, edit: VisualEdit) -> Clip:
    """The clip with its frames and its scene edited, boxes included; segments stay as they are stored.

    ValueError where a frame that is to be mirrored is no picture.
    """
    if edit is VisualEdit.NONE:
        return clip
    scene, frames = edited(clip.scene, edit), clip.frames
    if edit is VisualEdit.MIRRORED:
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
    picture = cv2.flip(decoded_picture(frame, clip.clip_id), 1)
    turned = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])[1]
    return frame.model_copy(update={"jpeg": turned.tobytes()})


def _renumbered(stored: Track, shown: Track, count: int) -> Track:
    boxes = (box.model_copy(update={"frame_index": count - 1 - box.frame_index}) for box in reversed(stored.boxes))
    return shown.model_copy(update={"boxes": tuple(boxes)})
