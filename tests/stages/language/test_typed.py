"""A stated claim is taken only if the words of the answer bear it out."""

import pytest

from stages.claims.scene_view import SceneView
from stages.language.replies import StatedClaim
from stages.language.typed import typed_claim
from tests.stages.facts.clips import deeds, toys, walkers

WALKERS, DEEDS, TOYS = SceneView(walkers()), SceneView(deeds()), SceneView(toys())


def typed(view: SceneView, question: str, answer: str, predicate: str, *words: str) -> tuple[object, ...] | None:
    """Predicate, names and value of the claim that is taken."""
    subject, object_, value = (*words, "", "", "")[:3]
    stated = StatedClaim(answer=1, predicate=predicate, subject=subject, object=object_, value=value)
    claim = typed_claim(stated, question, answer, view, view.whole_clip)
    return claim and (claim.predicate.value, *claim.subject_phrases, *claim.object_phrases, claim.value, claim.noun)


WHICH = "Which one comes into view first?"
FIRST = "The red object comes into view before the blue object."
RED, BLUE = "the red object", "the blue object"


def test_an_order_goes_by_the_words() -> None:
    """With "before" the earlier thing is named first, with "after" last; a claim the other way round is not taken."""
    assert typed(WALKERS, WHICH, FIRST, "enters_before", RED, BLUE) == ("enters_before", RED, BLUE, None, None)
    assert typed(WALKERS, WHICH, FIRST, "enters_before", BLUE, RED) is None
    after = FIRST.replace("before", "after")
    assert typed(WALKERS, WHICH, after, "enters_before", BLUE, RED) == ("enters_before", BLUE, RED, None, None)
    assert typed(WALKERS, WHICH, after, "enters_before", RED, BLUE) is None


@pytest.mark.parametrize(
    "answer",
    [
        "The red object does not come into view before the blue object.",
        "The red object comes into view before the blue object and leaves.",
        "The red object comes into view.",
        "The red object comes into view before it.",
    ],
)
def test_what_says_less_or_more_has_no_claim(answer: str) -> None:
    """A denial, a second statement, a missing word, and a pronoun."""
    assert typed(WALKERS, WHICH, answer, "enters_before", RED, BLUE) is None


def test_a_value_must_be_the_one_that_is_said() -> None:
    """And the only one of its family; the colour in a name does not count."""
    said = ("Where does the green object move?", "The green object moves to the right.")
    assert typed(WALKERS, *said, "moves", "the green object", "", "right") == (
        "moves",
        "the green object",
        "right",
        None,
    )
    assert typed(WALKERS, *said, "moves", "the green object", "", "left") is None
    assert typed(WALKERS, *said, "still", "the green object") is None


def test_a_name_must_fit_one_thing() -> None:
    """Nothing is said of a thing that the scene does not know, or of one of several."""
    said = ("Where does it move?", "The grey object moves to the right.")
    assert typed(WALKERS, *said, "moves", "the grey object", "", "right") is None


def test_numbers_and_events() -> None:
    """Numbers in words are digits; events go by their very phrases."""
    count = ("How many balls are there?", "There are three balls.")
    assert typed(TOYS, *count, "named_count", "", "balls", "3") == ("named_count", "3", "ball")
    assert typed(TOYS, *count, "named_count", "", "balls", "2") is None
    order = ("What happens first?", "The woman lifts the bowl before the dog barks at the door.")
    events = ("the woman lifts the bowl", "the dog barks at the door")
    assert typed(DEEDS, *order, "happens_before", *events) == ("happens_before", *events, None, None)


def test_an_unknown_predicate_is_none() -> None:
    """So is one that models are not offered."""
    assert typed(WALKERS, WHICH, FIRST, "none") is None
    assert typed(WALKERS, WHICH, FIRST, "together", RED, BLUE) is None
