"""Which edit turns the claim of the true answer into that of a false one."""

import pytest

from schemas.claim import Axis, Claim
from schemas.pair import ClaimEdit, RejectedKind
from stages.claims.typed_edit import typed_edit
from tests.scenes import claim, fixed, track

RED, BLUE = track("r", fixed(0.1, 0.5), name="red"), track("b", fixed(0.9, 0.5), name="blue")
SPAN, LATER = [(0.0, 5.0)], [(5.0, 10.0)]
LEFT = claim("moves", RED, value="left", during=SPAN)


@pytest.mark.parametrize(
    ("true", "false", "edit", "field"),
    [
        (LEFT, claim("moves", RED, value="right", during=SPAN), ClaimEdit.REVERSE_DIRECTION, "value"),
        (LEFT, claim("still", RED, during=SPAN), ClaimEdit.FREEZE, "predicate"),
        (claim("still", RED, during=SPAN), LEFT, ClaimEdit.FREEZE, "predicate"),
        (LEFT, claim("moves", BLUE, value="left", during=SPAN), ClaimEdit.SWAP_ENTITIES, "subject_phrases"),
        (
            claim("enters_before", RED, BLUE),
            claim("enters_with", RED, BLUE),
            ClaimEdit.SIMULTANEOUS,
            "predicate",
        ),
        (
            claim("enters_before", RED, BLUE),
            claim("enters_before", BLUE, RED),
            ClaimEdit.REVERSE_ORDER,
            "subject_phrases",
        ),
        (
            claim("event_in", RED, value="starts", during=SPAN),
            claim("event_in", RED, value="starts", during=LATER),
            ClaimEdit.MISTIME,
            "intervals",
        ),
        (claim("shot_count", value="2"), claim("shot_count", value="3"), ClaimEdit.MISCOUNT, "value"),
    ],
    ids=["way", "freeze", "unfreeze", "entity", "with", "order", "time", "number"],
)
def test_an_edit_is_named_with_the_field_that_it_changes(
    true: Claim, false: Claim, edit: ClaimEdit, field: str
) -> None:
    """The false answers are about entities of the video, so that they are relevant and have an axis."""
    kind, axis, corruption = typed_edit(true, false)
    assert (kind, corruption.edit, corruption.edit_of) == (RejectedKind.RELEVANT, edit, field)
    assert axis in Axis


def test_an_absent_entity_makes_an_answer_irrelevant() -> None:
    """Pink is not in the video: what is true of red is said of something else, on no axis."""
    absent = LEFT.model_copy(update={"subject_tracks": (), "subject_phrases": ("the pink object",), "in_video": False})
    kind, axis, corruption = typed_edit(LEFT, absent)
    assert (kind, axis, corruption.edit) == (RejectedKind.IRRELEVANT, None, ClaimEdit.ABSENT_ENTITY)
