"""Words rendered in many fonts, sizes, grounds and motions: what is said to be written is."""

from itertools import chain

import numpy as np
import pytest

from schemas.claim import Claim, Predicate
from schemas.interval import Interval
from schemas.scene import Scene
from stages.claims.checked import TruthValue
from stages.claims.checker import check
from stages.claims.scene_view import SceneView
from stages.reading.reader import WritingReader
from tests.stages.reading.rendered import SECONDS, WORDS, RenderedLine, nothing_known, rendered_clip

CLIPS = 10
LEAST_PIXELS = 24
LEAST_RECALL = 0.8


@pytest.fixture(scope="module")
def clips() -> list[tuple[Scene, tuple[RenderedLine, ...]]]:
    """Scenes that were read, with what is written in them."""
    found = []
    for seed in range(CLIPS):
        clip, lines = rendered_clip(np.random.default_rng(seed))
        found.append((WritingReader().lay_over(nothing_known(), clip), lines))
    return found


def said(word: str, view: SceneView) -> TruthValue:
    whole = Interval(start_seconds=0.0, end_seconds=SECONDS)
    return check(Claim(predicate=Predicate.READS, value=word, intervals=(whole,), in_video=False), view).truth


@pytest.mark.slow(40)
def test_every_word_that_is_said_to_be_written_is_and_most_large_ones_are_said(
    clips: list[tuple[Scene, tuple[RenderedLine, ...]]],
) -> None:
    """Precision 1; recall 0.8 of the words of at least 4 letters in lines of 24 pixels and more."""
    there, found = [], []
    for number, (scene, lines) in enumerate(clips):
        asserted = set(chain.from_iterable(line.words for line in SceneView(scene).lines))
        written = set(chain.from_iterable(line.words for line in lines))
        assert asserted <= written
        large = chain.from_iterable(line.words for line in lines if line.height_pixels >= LEAST_PIXELS)
        there += [(number, word) for word in large if len(word) >= 4]
        found += [(number, word) for word in asserted]
    assert len(set(there) & set(found)) >= LEAST_RECALL * len(there)


@pytest.mark.slow(40)
def test_no_word_that_is_written_is_denied(clips: list[tuple[Scene, tuple[RenderedLine, ...]]]) -> None:
    """In lines of any size; some of the other words are denied."""
    denied = 0
    for scene, lines in clips:
        view, written = SceneView(scene), set(chain.from_iterable(line.words for line in lines))
        truths = {word: said(word, view) for word in WORDS.split()}
        false = {word for word, truth in truths.items() if truth is TruthValue.FALSE}
        assert not false & written
        denied += len(false)
    assert denied > 0
