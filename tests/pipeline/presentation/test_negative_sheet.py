"""The sheet of visual negatives shows what is preferred beside what is corrupted."""

import numpy as np

from pipeline.presentation.negative_sheet import negative_sheet
from schemas.pair import Pair
from schemas.shown import EditKind, Shown
from tests.finished import Whole


def test_each_negative_is_a_row_of_frames(whole: Whole) -> None:
    """The corrupted frames of the first negative are black, those of the second are another clip's."""
    [pair, *_] = whole.finalised.videos[0].pairs()
    clips = {clip.clip_id: clip for clip in whole.clips}
    other = next(clip_id for clip_id in clips if clip_id != pair.clip_id)
    negatives = [
        {"level": "instance", "kind": "black"},
        {"level": "instance", "kind": "other_video", "other_clip_id": other},
    ]
    shown = Shown.whole(EditKind.MIRRORED, clips[pair.clip_id])
    drawn = Pair.model_validate(pair.model_dump() | {"visual_negatives": negatives, "shown": shown})
    sheet = np.asarray(negative_sheet(drawn, clips[pair.clip_id], clips))
    black = [(row == 0).all(axis=1).mean() for row in sheet]
    assert max(black[: len(black) // 2]) > 0.3
    assert max(black[len(black) // 2 :]) < 0.01
