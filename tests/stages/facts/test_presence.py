"""Questions about when named things are in view."""

import numpy as np
import pytest

from schemas.annotations import AnnotatedObject, Annotations
from schemas.claim import Predicate
from schemas.drop import Drop
from schemas.group import CandidateGroup
from stages.claims.proof import ProofConfig
from stages.facts.writer import FactsWriter
from tests.stages.annotated.clips import laid, thing
from tests.stages.facts.clips import clip_of

DOG = thing("dog", (1.0, 0.1), visible=((0.0, 3.0), (6.0, 10.0)))
CAT = thing("cat", (1.0, 0.6), visible=((0.0, 8.0),), noun="cat")
BIRD = thing("bird", (1.0, 0.6), visible=((0.0, 10.0),), noun="bird")
SHELF = thing("shelf", (1.0, 0.6), moves=False, noun="shelf")


def _asked(predicate: Predicate, *objects: AnnotatedObject) -> list[CandidateGroup]:
    there = laid(Annotations(objects=objects, complete=tuple(one.noun for one in objects)))
    written = FactsWriter().write(clip_of(there), 60, ProofConfig(), np.random.default_rng(0))
    groups = (group for offered in written if not isinstance(offered, Drop) for group in offered)
    return [g for g in groups if g.chosen.claim and g.chosen.claim.predicate is predicate]


def test_a_named_thing_that_comes_back_is_told_from_others() -> None:
    """The dog is away from 3 to 6 s; the cat does not come back, and the bird is there all along."""
    groups = _asked(Predicate.RETURNS, DOG, CAT, BIRD)
    assert groups
    for group in groups:
        assert "the dog" in group.chosen.text.casefold()
        assert all("cat" in a.text or "bird" in a.text for a in group.rejected)


def test_of_things_that_go_and_come_back_together_one_is_asked_about() -> None:
    """What hides the dog from 3 to 6 s hides its bone, too."""
    bone = thing("bone", (1.0, 0.5), visible=((0.0, 3.0), (6.0, 10.0)), noun="bone")
    assert len({group.slot_id for group in _asked(Predicate.RETURNS, DOG, bone, CAT, BIRD)}) == 1


@pytest.mark.parametrize("predicate", [Predicate.RETURNS, Predicate.VISIBLE_LONGER])
def test_nobody_notes_when_scenery_is_covered(predicate: Predicate) -> None:
    """A shelf that stands there all along is not said to stay in view while the dog is away."""
    texts = [answer.text for group in _asked(predicate, DOG, CAT, BIRD, SHELF) for answer in group.answers]
    assert texts
    assert not any("shelf" in text for text in texts)


def test_things_that_come_and_go_together_are_not_asked_whether_they_meet() -> None:
    """Both are in view from 0 to 3 s and from 6 s on; the cat, until 8 s, is another matter."""
    pair = thing("bone", (1.0, 0.5), visible=((0.0, 3.0), (6.0, 10.0)), noun="bone")
    assert _asked(Predicate.TOGETHER, DOG, pair) == []
    assert _asked(Predicate.TOGETHER, DOG, CAT)


def test_who_is_longer_in_view_is_asked_once_of_those_who_come_and_go_together() -> None:
    """The dog is in view for 7 s, bird and duck for 10 s: two questions would ask the same. The cat's 8 s are about as
    many as the dog's.
    """
    duck = thing("duck", (1.0, 0.3), visible=((0.0, 10.0),), noun="duck")
    asked = {group.slot_id for group in _asked(Predicate.VISIBLE_LONGER, DOG, BIRD, duck)}
    assert len(asked) == 1
    assert _asked(Predicate.VISIBLE_LONGER, DOG, CAT) == []
