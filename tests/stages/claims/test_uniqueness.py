"""When a noun with "the" is proven to name one thing."""

from collections.abc import Sequence

import pytest

from schemas.scene import Scene
from schemas.search import Search
from stages.claims import TruthValue, check
from stages.claims.scene_view import SceneView
from tests.scenes import claim, fixed, scene, search_of, track

DOG = track("d", fixed(0.2, 0.5), label="dog")
ON_THE_LEFT = claim("in_region", DOG, value="left", during=[(2, 6)])


def truth(there: Scene, phrase: str = "the dog") -> TruthValue:
    return check(ON_THE_LEFT.model_copy(update={"subject_phrases": (phrase,)}), SceneView(there)).truth


def at(first: float, last: float, score: float) -> Search:
    """A search that sees a second dog at (0.8, 0.5) from `first` to `last`."""
    return search_of("dog", [DOG], others=lambda t: [(0.8, 0.5, score)] if first <= t <= last else [])


@pytest.mark.parametrize("score", [0.2, 0.9])
def test_one_faint_candidate_in_one_frame_makes_a_noun_ambiguous(score: float) -> None:
    """The frame at 3.9 s lies in [2, 6); that at 6.3 s does not."""
    assert truth(scene(DOG, searched=[at(3.8, 4.0, score)])) is TruthValue.UNKNOWN
    assert truth(scene(DOG, searched=[at(6.2, 6.4, score)])) is TruthValue.TRUE


def test_a_noun_is_clear_only_where_it_was_looked_for_often_enough() -> None:
    """Frames 0.5 s apart cover [2, 6); with one of them missing nobody looked for a second. Nor is it clear what nobody
    searched for.
    """
    moments = [i / 2 for i in range(21)]
    assert truth(scene(DOG, searched=[search_of("dog", [DOG], frames=moments)])) is TruthValue.TRUE
    fewer = [moment for moment in moments if moment != 4.0]
    assert truth(scene(DOG, searched=[search_of("dog", [DOG], frames=fewer)])) is TruthValue.UNKNOWN
    assert truth(scene(DOG, searched=[])) is TruthValue.UNKNOWN


def test_a_candidate_without_a_track_in_a_things_box_is_that_thing() -> None:
    """A second detector that does not link its boxes sees the same dog (boxes of 0.1, shifted by 0.02: IoU 0.67)."""

    def second(x: float) -> Sequence[Search]:
        return [search_of("dog", [DOG]), search_of("dog", source="second", others=lambda _: [(x, 0.5, 0.5)])]

    assert truth(scene(DOG, searched=second(0.22))) is TruthValue.TRUE
    assert truth(scene(DOG, searched=second(0.28))) is TruthValue.UNKNOWN


def test_annotations_overrule_what_a_detector_is_unsure_of() -> None:
    """Somebody who listed every dog saw one; the detector's faint second one is none."""
    listed = search_of("dog", [DOG], source="annotations")
    assert truth(scene(DOG, searched=[at(0, 10, 0.3), listed])) is TruthValue.TRUE
    part = search_of("dog", [DOG], source="annotations", frames=[0.0, 0.3, 0.6])
    assert truth(scene(DOG, searched=[at(0, 10, 0.3), part])) is TruthValue.UNKNOWN


def test_a_side_names_one_of_exactly_two() -> None:
    """Of dogs at 0.2 and 0.8, "the dog on the left" is the first, unless a third may be there or one is not always
    seen.
    """
    other = track("e", fixed(0.8, 0.5), label="dog")
    pair = [DOG, other]
    assert truth(scene(*pair), "the dog on the left") is TruthValue.TRUE
    assert truth(scene(*pair), "the dog on the right") is TruthValue.UNKNOWN
    assert truth(scene(*pair)) is TruthValue.UNKNOWN
    third = search_of("dog", pair, others=lambda _: [(0.5, 0.5, 0.3)])
    assert truth(scene(*pair, searched=[third]), "the dog on the left") is TruthValue.UNKNOWN
    gone = track("e", fixed(0.8, 0.5), [(0, 5)], label="dog")
    assert truth(scene(DOG, gone), "the dog on the left") is TruthValue.UNKNOWN


def test_what_may_be_one_under_another_noun_makes_a_noun_ambiguous() -> None:
    """A puppy is a dog, an animal may be one, a cat is none."""
    for noun, found in (("puppy", TruthValue.UNKNOWN), ("animal", TruthValue.UNKNOWN), ("cat", TruthValue.TRUE)):
        other = track("o", fixed(0.8, 0.5), label=noun)
        assert truth(scene(DOG, other)) is found
        faint = search_of(noun, others=lambda _: [(0.8, 0.5, 0.3)])
        assert truth(scene(DOG, searched=[search_of("dog", [DOG]), faint])) is found


def test_a_wider_noun_names_the_only_thing_of_a_narrower_one() -> None:
    """The only animal is a dog: it is the animal, if animals were searched for."""
    animals = search_of("animal", others=lambda _: [(0.2, 0.5, 0.8)])
    assert truth(scene(DOG, searched=[search_of("dog", [DOG]), animals]), "the animal") is TruthValue.TRUE
    assert truth(scene(DOG), "the animal") is TruthValue.UNKNOWN
