"""A search lists what was looked at in order, and nothing below its lower threshold."""

import pytest
from pydantic import ValidationError

from schemas.search import Candidate, Search, SearchedFrame

BOX = {"x0": 0.1, "y0": 0.1, "x1": 0.2, "y1": 0.2}


def frame(moment: float, *scores: float) -> SearchedFrame:
    """A frame with candidates of these scores."""
    return SearchedFrame(
        pts_seconds=moment, candidates=tuple(Candidate(**BOX, score=score, track_id=None) for score in scores)
    )


def made(*frames: SearchedFrame, sure: float = 0.6, maybe: float = 0.2) -> Search:
    """A search for a dog."""
    return Search(noun="dog", source="scripted", sure=sure, maybe=maybe, frames=frames)


def test_a_search_in_order_is_accepted() -> None:
    """A candidate may be unsure, and a frame may be empty."""
    assert len(made(frame(0.0, 0.2, 0.9), frame(0.3)).frames) == 2


@pytest.mark.parametrize(
    ("frames", "sure", "words"),
    [
        ((frame(1.0), frame(1.0)), 0.6, "times must increase"),
        ((frame(1.0, 0.19),), 0.6, "below maybe"),
        ((frame(1.0),), 0.1, "maybe 0.2 > sure 0.1"),
    ],
)
def test_a_search_that_contradicts_itself_is_refused(
    frames: tuple[SearchedFrame, ...], sure: float, words: str
) -> None:
    """Times that repeat, candidates that should not be listed, and thresholds in the wrong order."""
    with pytest.raises(ValidationError, match=words):
        made(*frames, sure=sure)
