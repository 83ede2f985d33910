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
    asserted = typed_claim(stated, question, answer, view, view.whole_clip)
    claim = asserted and asserted.claim
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


def is_all(question: str, answer: str, predicate: str, *words: str) -> bool | None:
    """Whether the answer says no more than its claim; None if it has none."""
    subject, object_, value = (*words, "", "", "")[:3]
    stated = StatedClaim(answer=1, predicate=predicate, subject=subject, object=object_, value=value)
    found = typed_claim(stated, question, answer, TOYS, TOYS.whole_clip)
    return found and found.is_all


def test_what_an_answer_says_besides_is_not_proven_by_its_claim() -> None:
    """That there is a box says all of one answer, and not all of others; nor if the question asks for more."""
    what, box = "What can be seen?", ("present", "", "box")
    assert is_all(what, "There is a box.", *box) is True
    assert is_all(what, "There is a box under the table.", *box) is False
    assert is_all(what, "A box of chocolate is in view.", *box) is False
    assert is_all("What does the man hold?", "There is a box.", *box) is False


def test_a_name_that_says_more_than_its_kind_is_of_that_kind() -> None:
    """If there is no box there is no red box by the door; if there is one, it need not be red."""
    what, seen = "What can be seen?", "There is a red box by the door."
    assert typed(TOYS, what, seen, "present", "", "a red box by the door") == ("present", None, "box")
    assert is_all(what, seen, "present", "", "a red box by the door") is False


def test_an_event_that_is_told_happens() -> None:
    """With no word besides, its telling is all that is said."""
    told = ("What happens?", "In the picture the dog barks at the door.")
    event = ("happens_in", "the dog barks at the door")
    assert typed(DEEDS, *told, *event) == ("happens_in", "the dog barks at the door", None, None)
    assert is_all(*told, *event) is True
    assert is_all("What does the dog do in the yard?", told[1], *event) is False


def test_a_number_of_some_is_not_the_number_of_all() -> None:
    """Balls on the table may be fewer than all balls; letters that happen to be a number's are none."""
    count = ("named_count", "", "ball", "3")
    assert is_all("How many balls are there in the first half?", "There are three balls.", *count) is True
    assert is_all("How many balls are there?", "There are three balls on the table.", *count) is None
    assert is_all("How many balls lie on the table?", "There are three balls.", *count) is None
    assert is_all("How many phones are there?", "There are three phones.", "named_count", "", "phones", "3") is True


def test_an_unknown_predicate_is_none() -> None:
    """So is one that models are not offered."""
    assert typed(WALKERS, WHICH, FIRST, "none") is None
    assert typed(WALKERS, WHICH, FIRST, "together", RED, BLUE) is None
