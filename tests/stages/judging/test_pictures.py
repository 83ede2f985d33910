"""A judge is sent the keyframe with its object painted over, and one with as large an area painted elsewhere."""

import cv2
import numpy as np
import pytest

from schemas.clip import Frame, UnitClip
from schemas.visual_negative import KeyArea, Shift, VisualKind, VisualLevel, VisualNegative
from stages.drawing.painting import Pixels
from stages.judging.pictures import changed_pictures, key_picture
from stages.visuals.visual import decoded_jpeg
from tests.scenes import scene
from tests.stages.claims.groups import unit_clip
from tests.stages.visuals.test_negatives import CLIP as THING

GREY, RED = 120, (200, 40, 40)


def clip() -> UnitClip:
    """The red thing that crosses, on a grey ground."""
    red = THING.scene.tracks[0]
    frames = []
    for index, box in enumerate(red.boxes):
        picture = np.full((64, 96, 3), GREY, dtype=np.uint8)
        picture[int(box.y0 * 64) : int(box.y1 * 64), int(box.x0 * 96) : int(box.x1 * 96)] = RED
        coded = cv2.imencode(".png", picture[..., ::-1])[1].tobytes()
        frames.append(Frame(pts_seconds=0.25 + 0.5 * index, jpeg=coded))
    return unit_clip(scene(red, seconds=8.0)).model_copy(update={"frames": tuple(frames)})


def is_red(picture: Pixels) -> bool:
    return bool((picture[..., 0].astype(int) - picture[..., 1] > 80).any())


@pytest.mark.parametrize("kind", [VisualKind.FILLED, VisualKind.INPAINTED])
def test_the_object_is_gone_and_stays_in_the_control(kind: VisualKind) -> None:
    """Painted over, nothing red is left; painted elsewhere, the red thing stays, and all else stays grey."""
    spec = VisualNegative(
        level=VisualLevel.PERCEPTIVE,
        kind=kind,
        preferred_frame_index=3,
        track_id="r",
        control=Shift(shift_x=0.0, shift_y=-0.3),
    )
    changed, control = (
        decoded_jpeg(Frame(pts_seconds=0.0, jpeg=jpeg), "test") for jpeg in changed_pictures(clip(), spec)
    )
    assert (is_red(changed), is_red(control)) == (False, True)
    assert changed.shape == control.shape == (64, 96, 3)


def test_other_kinds_have_no_such_pictures() -> None:
    """A kind that changes no area has no control."""
    spec = VisualNegative(
        level=VisualLevel.PERCEPTIVE, kind=VisualKind.OTHER_FRAME, preferred_frame_index=3, frame_index=5
    )
    with pytest.raises(ValueError, match="changes no area"):
        changed_pictures(clip(), spec)


def test_a_drawn_box_is_cut_out_and_painted_over() -> None:
    """A box without a track: it cuts out the red thing alone, and painted over nothing red is left."""
    x0, y0, x1, y1 = THING.scene.tracks[0].boxes[3].corners
    spec = VisualNegative(
        level=VisualLevel.PERCEPTIVE,
        kind=VisualKind.FILLED,
        preferred_frame_index=3,
        area=KeyArea(x0=x0, y0=y0, x1=x1, y1=y1, noun="ball"),
        control=Shift(shift_x=0.0, shift_y=-0.3),
    )
    part = decoded_jpeg(Frame(pts_seconds=0.0, jpeg=key_picture(clip(), spec)), "test")
    assert np.median(part[..., 0].astype(int) - part[..., 1]) > 80
    assert part.shape[0] < 64 * (y1 - y0) + 2
    assert part.shape[1] < 96 * (x1 - x0) + 2
    changed, control = (decoded_jpeg(Frame(pts_seconds=0.0, jpeg=j), "test") for j in changed_pictures(clip(), spec))
    assert (is_red(changed), is_red(control)) == (False, True)
