"""In which half, third or shot of the clip something is asked for."""

import numpy as np
import pytest

from schemas.claim import Predicate
from stages.claims.scene_view import SceneView
from stages.facts.askable_scene import AskableScene
from stages.facts.parts_of_clip import parts_of_clip
from stages.facts.writing import written_words
from tests.scenes import span
from tests.stages.facts.clips import signs


@pytest.mark.parametrize(
    ("start", "end", "parts"),
    [
        (5.5, 8.5, {"half"}),  # from the middle third of ten seconds into the last one
        (6.6, 9.5, {"half", "third"}),  # a fortieth of it before the last third
        (4.0, 6.0, {"third"}),
        (1.0, 9.0, set()),
    ],
)
def test_a_part_is_asked_for_where_nearly_all_lies_in_one(start: float, end: float, parts: set[str]) -> None:
    """Of what is there in two thirds neither is the right answer."""
    seen = SceneView(signs())
    view = AskableScene(seen, (), (), (), (), 1.0, 3, 3, np.random.default_rng(0))
    word = next(written_words(seen))
    slots = parts_of_clip(view, word, Predicate.READS, (span(start, end),), about="when.it", wording="writing.when")
    assert {slot.key for slot in slots} == {f"when.{part}.it" for part in parts}
