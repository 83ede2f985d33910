"""A clip becomes four parts with a seam at the end of each: 32 frames, 8 s, a frame every quarter of a second."""

from itertools import chain

import pytest

from schemas.scene import Cut
from schemas.shown import EditKind, Shown
from stages.planted.parts import PARTS, parts_of
from stages.visuals.plan import planned, within
from stages.visuals.standard import standard_edit
from tests.stages.visuals.footage import FRAMES, STEP, clip_of, pan, view


def test_each_part_is_seven_frames_and_a_seam_of_one() -> None:
    """Eight frames a part: seven can be edited, the last one is black; together they are the clip."""
    clip, parts = pan(), parts_of(pan())
    plan = planned(clip, Shown())
    edited = [within(plan, standard_edit(EditKind.FROZEN, stretch)) for stretch in parts.stretches]
    covered = [within(plan, seam) for seam in parts.seams]
    assert edited == [list(range(8 * part, 8 * part + 7)) for part in range(PARTS)]
    assert covered == [[8 * part + 7] for part in range(PARTS)]
    assert (parts.whole.start_seconds, parts.whole.end_seconds) == (0.0, 8.0)


@pytest.mark.parametrize(("cut", "border"), [(8, 8), (9, 9), (10, 8), (7, 8)])
def test_a_border_moves_by_one_frame_to_a_cut(cut: int, border: int) -> None:
    """A part begins with the first frame after a cut if that is the next one; with its own if a cut is there already,
    or none is so near.
    """
    clip = pan()
    at = Cut(pts_seconds=cut * STEP + STEP / 4, score_a=2.0, score_b=2.0, place_distance=1.0)
    with_cut = clip.model_copy(update={"scene": clip.scene.model_copy(update={"cuts": (at,)})})
    assert parts_of(with_cut).stretches[1].start_seconds == pytest.approx(border * STEP)


@pytest.mark.parametrize("stored", [16, 20, 23, FRAMES])
def test_any_number_of_frames_makes_four_parts(stored: int) -> None:
    """Every frame is in one part, and every part has at least three frames besides its seam."""
    clip = clip_of([view(i)[:, :64] for i in range(stored)])
    parts, plan = parts_of(clip), planned(clip, Shown())
    edited = [within(plan, standard_edit(EditKind.FROZEN, stretch)) for stretch in parts.stretches]
    covered = [within(plan, seam) for seam in parts.seams]
    assert sorted(chain(*edited, *covered)) == list(range(stored))
    assert min(map(len, edited)) >= 3
