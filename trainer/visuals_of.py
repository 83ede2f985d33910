"""The visuals of a group: the edit of a twin, and visual negatives, at most one a level."""

from typing import TYPE_CHECKING

import numpy as np

from schemas.clip import Clip
from schemas.pair import VisualEdit
from trainer.sample import Contrast, Frames, GroupRows

if TYPE_CHECKING:
    from trainer.clips import GroupLoader


def edited(frames: Frames, clip: Clip, edit: VisualEdit) -> Frames:
    """The frames as a twin shows them."""
    if edit is VisualEdit.MIRRORED:
        return Frames(np.ascontiguousarray(frames.frames_NHWC[:, :, ::-1]), frames.pts_seconds)
    if edit is VisualEdit.REVERSED:
        times = clip.start_seconds + clip.end_seconds - frames.pts_seconds[::-1]
        return Frames(np.ascontiguousarray(frames.frames_NHWC[::-1]), times)
    return frames


def contrasts_of(rows: GroupRows, preferred: Frames, load: "GroupLoader") -> tuple[Contrast, ...]:
    """The negatives of the group's answer as pixels."""
    del preferred, load
    if rows.negatives:
        raise NotImplementedError("visual negatives are made by stages/visuals.py")
    return ()
