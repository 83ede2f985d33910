"""What a clip must fulfil."""

import pytest
from pydantic import ValidationError

from schemas.clip import UnitClip
from tests.scenes import scene
from tests.stages.claims.groups import unit_clip

CLIP = unit_clip(scene())


def test_a_clip_ends_after_it_starts() -> None:
    """The message names the clip and both times."""
    with pytest.raises(ValidationError, match=r"clip clip: \[10\.0, 10\.0\) must end after it starts"):
        UnitClip.model_validate({**dict(CLIP), "start_seconds": 10.0})


def test_frames_are_in_order_of_time() -> None:
    """Equal times are allowed (a frozen picture), times that decrease are not."""
    first, second, *_ = CLIP.frames
    assert UnitClip.model_validate({**dict(CLIP), "frames": (first, first)}).frames == (first, first)
    with pytest.raises(ValidationError, match="clip clip: frame times must not decrease"):
        UnitClip.model_validate({**dict(CLIP), "frames": (second, first)})


def test_frames_are_known_by_their_index() -> None:
    """Twenty frames: 0 to 19, and no negative ones."""
    assert CLIP.has_frames([0, 19])
    assert CLIP.has_frames([])
    assert not CLIP.has_frames([0, 20])
    assert not CLIP.has_frames([-1])
