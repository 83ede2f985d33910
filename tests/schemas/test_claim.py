"""Claims have the shape of their predicate."""

import pytest
from pydantic import ValidationError

from schemas.claim import Claim, Predicate
from schemas.interval import Interval

FIRST = Interval(start_seconds=0, end_seconds=2)


def test_a_claim_must_have_its_predicates_shape() -> None:
    """left_of takes one subject, one object and one interval: without the object it is refused, naming the counts."""
    with pytest.raises(ValidationError, match="1 object"):
        Claim(predicate=Predicate.LEFT_OF, subject_tracks=("a",), subject_phrases=("the red one",), intervals=(FIRST,))


@pytest.mark.parametrize("value", [None, "diagonal", "3"])
def test_a_claim_takes_only_its_predicates_values(value: str | None) -> None:
    """`moves` takes left, right, up and down, and nothing else."""
    with pytest.raises(ValidationError, match="takes value"):
        Claim(
            predicate=Predicate.MOVES,
            subject_tracks=("a",),
            subject_phrases=("it",),
            intervals=(FIRST,),
            value=value,
        )


def test_a_count_is_digits() -> None:
    """Numbers are stored as digits, not as words."""
    assert Claim(predicate=Predicate.SHOT_COUNT, value="3").value == "3"
    with pytest.raises(ValidationError):
        Claim(predicate=Predicate.SHOT_COUNT, value="three")


def test_an_absent_entity_has_a_phrase_and_no_track() -> None:
    """in_video is false exactly where a phrase has no track."""
    absent = Claim(predicate=Predicate.ENTERS_FROM, subject_phrases=("the pink one",), value="left", in_video=False)
    assert not absent.subject_tracks
    with pytest.raises(ValidationError, match="in_video"):
        Claim(predicate=Predicate.ENTERS_FROM, subject_phrases=("the pink one",), value="left")
    with pytest.raises(ValidationError, match="in_video"):
        Claim(
            predicate=Predicate.ENTERS_FROM,
            subject_tracks=("a",),
            subject_phrases=("the pink one",),
            value="left",
            in_video=False,
        )


def test_a_cut_has_no_subject() -> None:
    """`event_in cut` is of the clip: no subject, one interval."""
    assert Claim(predicate=Predicate.EVENT_IN, intervals=(FIRST,), value="cut").subject_phrases == ()
