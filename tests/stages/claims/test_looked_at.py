"""Whether a search looked often enough to say what is there, and what is not."""

import pytest

from schemas.search import Search
from stages.claims.looked_at import frames_of, searches_for
from tests.scenes import scene, search, span


def thinned(found: Search, keep: range) -> Search:
    """The search with only those of its frames."""
    return found.model_copy(update={"frames": tuple(found.frames[i] for i in keep)})


def test_an_interval_is_covered_if_no_gap_is_long() -> None:
    """Of frames every 0.25 s, [2, 4) has eight; if every third stays, the gaps of 0.75 s are too long."""
    dense = search("dog")
    frames = frames_of(dense, span(2, 4))
    assert frames is not None
    assert [frame.pts_seconds for frame in frames] == [2 + 0.25 * i for i in range(8)]
    assert frames_of(thinned(dense, range(0, 40, 3)), span(2, 4)) is None


@pytest.mark.parametrize(("keep", "covered"), [(range(8, 40), True), (range(10, 40), True), (range(11, 40), False)])
def test_the_start_of_an_interval_may_lie_half_a_second_before_the_first_look(keep: range, covered: bool) -> None:
    """Looks from 2, 2.5 and 2.75 s on: an interval that starts at 2 s is covered by the first two."""
    assert (frames_of(thinned(search("dog"), keep), span(2, 4)) is not None) == covered


def test_a_look_outside_the_interval_is_no_look_at_it() -> None:
    """Looks just before and just after a short interval do not cover it."""
    assert frames_of(search("dog", step=0.5), span(2.1, 2.4)) is None


def test_searches_are_found_by_their_noun() -> None:
    """Two detectors may have looked for the same thing."""
    looked = scene(searched=[search("dog"), search("cat"), search("dog", source="other")])
    assert [found.source for found in searches_for("dog", looked)] == ["scripted", "other"]
