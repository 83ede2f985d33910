"""Questions are dropped with the last of their groups."""

from schemas.drop import Drop, DropReason, ItemType
from stages.question_drops import with_questions
from tests.scenes import claim
from tests.stages.claims.groups import group

TWO, THREE = ("Two.", claim("shot_count", value="2")), ("Three.", claim("shot_count", value="3"))
GROUPS = [group(TWO, THREE, group_id=name, slot_id=slot) for name, slot in (("a", "x"), ("b", "x"), ("c", "y"))]


def dropped(*names: str) -> dict[str, Drop]:
    """Drops of groups, each for a reason of its own."""
    reasons = dict(zip("abc", DropReason, strict=False))
    return {
        name: Drop(item_id=name, item_type=ItemType.GROUP, video_id=None, uri=None, stage="test", reason=reasons[name])
        for name in names
    }


def test_a_question_stays_while_one_of_its_groups_does() -> None:
    """Of question x group b stays: only group a is dropped."""
    assert [drop.item_id for drop in with_questions(GROUPS, dropped("a"))] == ["a"]


def test_a_question_goes_with_its_last_group_for_the_reason_of_its_first() -> None:
    """Question x has the reason of a, once; its drop follows that of its first group."""
    found = list(with_questions(GROUPS, dropped("b", "a", "c")))
    kinds = [(drop.item_id, drop.item_type, drop.reason) for drop in found]
    first, second, third = dropped("a", "b", "c").values()
    assert kinds == [
        ("a", ItemType.GROUP, first.reason),
        ("x", ItemType.QUESTION, first.reason),
        ("b", ItemType.GROUP, second.reason),
        ("c", ItemType.GROUP, third.reason),
        ("y", ItemType.QUESTION, third.reason),
    ]
