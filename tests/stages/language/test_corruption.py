"""Frames are corrupted by how much of the evidence they show."""

import numpy as np
import pytest

from schemas.clip import Frame
from schemas.interval import Interval
from schemas.pair import FramesCorruption
from stages.language.corruption import corrupted
from stages.models.chat import ChatFrames

K = FramesCorruption
FRAMES = tuple(Frame(pts_seconds=100 + i / 2, jpeg=bytes([i])) for i in range(20))
"""Ten seconds from 100 s on, two frames a second."""
EVENT = (Interval(start_seconds=104, end_seconds=108),)
"""Frames 8 to 15."""


def shown(kind: FramesCorruption, coverage: float = 0.25, events: tuple[Interval, ...] = EVENT) -> ChatFrames | None:
    return corrupted(FRAMES, 100.0, events, kind, coverage, np.random.default_rng(1))


def places(frames: ChatFrames | None) -> list[int]:
    assert frames is not None
    return [frame.jpeg[0] for frame in frames.frames]


def test_sparse_frames_show_little_of_the_evidence() -> None:
    """Of 8 frames of the event and 12 others a quarter is shown: 2 and 3, in order of time."""
    found = places(shown(K.SPARSE))
    assert (sum(8 <= place < 16 for place in found), len(found)) == (2, 5)
    assert found == sorted(found)


def test_disjoint_frames_show_none_of_it() -> None:
    """All frames but those of the event."""
    assert places(shown(K.DISJOINT)) == [*range(8), *range(16, 20)]


def test_partial_frames_end_in_the_middle_of_it() -> None:
    """Of frames 8 to 15 the first four are shown, with all that comes before."""
    assert places(shown(K.PARTIAL)) == list(range(12))


@pytest.mark.parametrize("kind", [K.SHUFFLED, K.REVERSED])
def test_another_order_looks_like_any_clip(kind: FramesCorruption) -> None:
    """All frames are shown in another order, with times that run from the start of the clip."""
    frames = shown(kind)
    assert sorted(places(frames)) == list(range(20)) != places(frames)
    assert frames is not None
    assert list(frames.shown_seconds) == [i / 2 for i in range(20)]


def test_nothing_is_changed_by_none() -> None:
    """All frames, as they are."""
    assert places(shown(K.NONE)) == list(range(20))


def test_too_little_to_show_is_no_clip() -> None:
    """Without a frame outside of the evidence nothing is disjoint from it."""
    assert shown(K.DISJOINT, events=(Interval(start_seconds=100, end_seconds=110),)) is None
