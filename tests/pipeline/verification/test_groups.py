"""Pairs of a group agree, and a twin asks what its group asks."""

from pipeline.verification.groups import GroupCheck
from schemas.arrow import to_table
from schemas.pair import Pair
from tests.finished import Whole
from tests.pipeline.verification.damage import PAIRS, problems_of, rewrite, stored_pairs
from tests.scenes import span

_FIELDS = dict.fromkeys(Pair.model_fields)


def test_a_twin_with_other_texts_is_reported(copy: Whole) -> None:
    """A group that claims to be the twin of one that asks something else."""
    pairs = stored_pairs(copy)
    [first, second] = sorted({pair.group_id for pair in pairs})[:2]
    twins = [pair.model_copy(update={"twin_of": first}) if pair.group_id == second else pair for pair in pairs]
    rewrite(copy, PAIRS, to_table(Pair, twins))
    [problem] = problems_of(copy, f"group {second}")
    assert first in problem


def test_a_twin_asks_no_question_of_its_own() -> None:
    """Two groups of which one is a twin are one question; the order of their pairs does not matter."""
    whole = GroupCheck()
    group = {"group_id": "g", "twin_of": None, "question": "Which?", "chosen": "A.", "rejected": "B."}
    twin = group | {"group_id": "t", "twin_of": "g", "chosen": "B.", "rejected": "A."}
    for fields in (twin, group):
        assert list(whole.add(Pair.model_construct(**_FIELDS | fields))) == []
    assert whole.questions == 1
    assert list(whole.twin_failures()) == []


def test_twins_show_stretches_that_share_no_frame() -> None:
    """Of a group that shows [0, 3) alone a twin may show [3, 6), but not [2, 5), and not the whole clip."""
    group = {"group_id": "g", "twin_of": None, "question": "Which?", "chosen": "A.", "rejected": "B."}
    twin = Pair.model_construct(**_FIELDS | group | {"group_id": "t", "twin_of": "g", "chosen": "B.", "rejected": "A."})
    for stretch, problems in ((span(3, 6), 0), (span(2, 5), 1), (None, 1)):
        check = GroupCheck()
        first = Pair.model_construct(**_FIELDS | group)
        assert [*check.add(first), *check.add(twin)] == []
        check.add_stretch(first, span(0, 3))
        if stretch is not None:
            check.add_stretch(twin, stretch)
        assert len(list(check.twin_failures())) == problems
