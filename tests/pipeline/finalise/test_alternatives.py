"""Groups of one question become alternatives: a group with its twins, and what choosing needs of them."""

import pytest

from pipeline.finalise.alternatives import Role, alternatives_of
from schemas.group import CandidateGroup
from schemas.shown import EditKind, Shown
from tests.scenes import span
from tests.sets import brightness_group, camera_group, outline

MIRRORED = Shown.whole(EditKind.MIRRORED, span(0, 10))


def twin_of(group: CandidateGroup, truth: int) -> CandidateGroup:
    """The mirrored twin of a camera group, in which another answer is true."""
    return camera_group(group.slot_id, truth).model_copy(
        update={
            "group_id": f"{group.group_id}-m",
            "twin_of": group.group_id,
            "shown": MIRRORED,
        }
    )


def test_a_group_and_its_twin_are_one_alternative() -> None:
    """A slot with a group, its twin and another group has two alternatives; the first has the pairs of both groups."""
    first, other = camera_group("v/a", 1), camera_group("v/a", 1).model_copy(update={"group_id": "v/a/1"})
    groups = [outline(group) for group in (other, twin_of(first, 2), first)]
    [(slot_id, options)] = alternatives_of("v", groups, words=False)
    assert slot_id == "v/a"
    assert [option.group_ids for option in options] == [("v/a/0", "v/a/0-m"), ("v/a/1",)]
    assert [option.pair_count for option in options] == [8, 4]
    # "left" is right in the group and "right" in the twin: each a fifth of the answers, twice
    assert options[0].lean["camera_moves=left"] == pytest.approx(1 - 2 / 5)
    assert options[0].lean["camera_moves=up"] == pytest.approx(-2 / 5)


def test_the_theme_is_the_predicate_or_else_the_question_type() -> None:
    """Without claims a question counts under the type of its question, in both roles."""
    typed = brightness_group("v/a", 0)
    untyped = typed.model_copy(
        update={"answers": tuple(answer.model_copy(update={"claims": ()}) for answer in typed.answers)}
    )
    for group, theme in ((typed, "brighter"), (untyped, typed.question_type.value)):
        [(_, [option])] = alternatives_of("v", [outline(group)], words=False)
        assert option.theme == theme
        assert option.pairs_by_role == {(Role.CHOSEN, theme): 1, (Role.REJECTED, theme): 1}
