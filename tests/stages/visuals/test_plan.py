"""Specs say which stored frame is shown when: a stretch of the pan, 2 to 4 s, holds the frames 8 to 15."""

import numpy as np
import pytest

from schemas.interval import Interval
from schemas.shown import EditKind, Shown, ShownEdit
from stages.visuals.plan import content_stretch, planned
from stages.visuals.source import VisualSource
from stages.visuals.visual import decoded_jpeg
from tests.stages.visuals.footage import FRAMES, STEP, pan, shot_after_shot, with_segment

CLIP = pan()
ALL = list(range(FRAMES))
INSIDE = list(range(8, 16))


def edit(kind: EditKind, **more: object) -> ShownEdit:
    """An edit of 2 to 4 s."""
    return ShownEdit(kind=kind, start_seconds=2.0, end_seconds=4.0, **more)


def places(one: ShownEdit) -> list[int]:
    """Which stored frame is shown in each place."""
    frames = list(CLIP.frames)
    return [frames.index(planned_frame.frame) for planned_frame in planned(CLIP, Shown(edits=(one,)))]


@pytest.mark.parametrize(
    ("one", "inside"),
    [
        (edit(EditKind.REVERSED), INSIDE[::-1]),
        (edit(EditKind.FROZEN), [8] * 8),
        (edit(EditKind.SHUFFLED, order=(2, 0, 3, 1)), [12, 13, 8, 9, 14, 15, 10, 11]),
        (edit(EditKind.SPED_UP, amount=2.0), [5, 7, 9, 11, 12, 14, 16, 18]),
        (edit(EditKind.MIRRORED), INSIDE),
        (edit(EditKind.SEAM), INSIDE),
    ],
    ids=lambda value: value.kind.value if isinstance(value, ShownEdit) else "",
)
def test_an_edit_changes_its_stretch_alone(one: ShownEdit, inside: list[int]) -> None:
    """Outside of 2 to 4 s every frame stays. Sped up twice, 4 s about the middle, 1 to 5 s, are shown in the stretch:
    its frames lie a quarter of a second apart and show what is half a second apart, the nearest stored frames of
    1.25, 1.75, ... s (two are equally near: the first).
    """
    found = places(one)
    assert [i for i in ALL if i not in INSIDE] == [found[i] for i in ALL if i not in INSIDE]
    if one.kind is EditKind.SPED_UP:
        times = [CLIP.frames[i].pts_seconds for i in found[8:16]]
        assert times == pytest.approx([1.25 + 0.5 * i for i in range(8)], abs=STEP / 2 + 1e-9)
        return
    assert found[8:16] == inside


def test_a_slowed_stretch_shows_the_frames_that_are_stored_between() -> None:
    """At 0.4 of its speed the stretch shows 0.8 s about its middle, from a segment of just these; without it the spec
    is refused.
    """
    slowed = edit(EditKind.SLOWED, amount=0.4)
    content = content_stretch(slowed, 0.0, 8.0)
    assert (content.start_seconds, content.end_seconds) == pytest.approx((2.6, 3.4))
    dense = with_segment(CLIP, content)
    shown = planned(dense, Shown(edits=(slowed,)))[8:16]
    assert [one.frame for one in shown] == list(dense.segments[0].frames)
    with pytest.raises(ValueError, match=r"no segment stores 2\.600 to 3\.400 s"):
        planned(CLIP, Shown(edits=(slowed,)))


def test_content_stays_inside_the_clip() -> None:
    """Twice as fast, the first two seconds show the first four."""
    fast = ShownEdit(kind=EditKind.SPED_UP, start_seconds=0.0, end_seconds=2.0, amount=2.0)
    assert content_stretch(fast, 0.0, 8.0) == Interval(start_seconds=0.0, end_seconds=4.0)


def test_a_swapped_stretch_shows_the_other_clip_from_its_amount_on() -> None:
    """From 1 s of the other clip on: its frames 4 to 11. Another clip, or none, is refused."""
    other = shot_after_shot().model_copy(update={"clip_id": "other"})
    one = edit(EditKind.SWAPPED, other_clip_id="other", amount=1.0)
    shown = planned(CLIP, Shown(edits=(one,)), other)[8:16]
    assert [list(other.frames).index(planned_frame.frame) for planned_frame in shown] == list(range(4, 12))
    with pytest.raises(ValueError, match="swapped with clip other, got none"):
        planned(CLIP, Shown(edits=(one,)))


def test_edits_come_before_frames_are_chosen() -> None:
    """Who looks at 8 of 32 frames sees 2, 6, 10, ... of the edited clip: in a frozen stretch twice the same."""
    frozen = Shown(edits=(edit(EditKind.FROZEN),))
    source = VisualSource(CLIP, frozen, lambda frames: [decoded_jpeg(frame, "") for frame in frames], num_frames=8)
    seen, stored = source.full(), [decoded_jpeg(CLIP.frames[i], "") for i in (6, 8, 8, 18)]
    assert all(np.array_equal(a, b) for a, b in zip(seen.frames_NHWC[1:5], stored, strict=True))
    assert seen.pts_seconds[2:4] == pytest.approx([10.5 * STEP, 14.5 * STEP])


def test_a_stretch_without_frames_is_refused() -> None:
    """Nothing can be edited between two frames."""
    with pytest.raises(ValueError, match="no stored frame lies in"):
        planned(CLIP, Shown(edits=(ShownEdit(kind=EditKind.FROZEN, start_seconds=2.0, end_seconds=2.01),)))
