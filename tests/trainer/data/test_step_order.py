"""The order of steps."""

from collections import Counter
from dataclasses import replace

from schemas.claim import Axis, QuestionType
from trainer.data.records import AnswerText, GroupRows
from trainer.data.step_order import GroupSizes, steps_of_epoch

SIZES = GroupSizes(lambda twins: sum(len(group.rejected) for group in twins), lambda group: int(group.clip_id))


def group(number: int, rejected: int = 3, length: int = 100, twin_of: str | None = None) -> GroupRows:
    answers = tuple(AnswerText(f"Answer {i}.") for i in range(rejected + 1))
    return GroupRows(
        group_id=f"g{number:03d}",
        clip_id=str(length),
        video_id=f"v{number}",
        axis=Axis.TEMPORAL,
        question_type=QuestionType.ACTION,
        question="What happens?",
        answers=answers,
        twin_of=twin_of,
    )


def some() -> list[GroupRows]:
    """40 groups of 1 to 4 pairs and 10 to 400 tokens; every fourth has a twin."""
    groups = [group(i, rejected=1 + i % 4, length=10 * (1 + i * 7 % 40)) for i in range(40)]
    twins = [replace(g, group_id=f"{g.group_id}-twin", twin_of=g.group_id) for g in groups[::4]]
    return [*groups, *twins]


def test_every_group_is_in_one_step_and_steps_hold_what_is_wanted() -> None:
    """In each epoch; a step is closed once it holds 8 pairs, so only one step may hold fewer."""
    steps = steps_of_epoch(some(), 8, seed=3, epoch=0, sizes=SIZES)
    assert Counter(g.group_id for step in steps for g in step.groups) == Counter(g.group_id for g in some())
    assert sum(step.pairs < 8 for step in steps) <= 1
    assert all(step.pairs == sum(len(g.rejected) for g in step.groups) for step in steps)


def test_twins_stand_side_by_side_in_one_step() -> None:
    """A group is followed, or preceded, by its twin."""
    for step in steps_of_epoch(some(), 8, seed=3, epoch=0, sizes=SIZES):
        ids = [g.twins_id for g in step.groups]
        for place, g in enumerate(step.groups):
            if g.twin_of is not None:
                assert g.twin_of in ids[max(0, place - 1) : place] + ids[place + 1 : place + 2]


def test_the_order_is_the_seeds_alone() -> None:
    """Not that of the input; another seed or epoch gives another one."""
    first = steps_of_epoch(some(), 8, seed=3, epoch=0, sizes=SIZES)
    assert steps_of_epoch(some()[::-1], 8, seed=3, epoch=0, sizes=SIZES) == first
    assert steps_of_epoch(some(), 8, seed=4, epoch=0, sizes=SIZES) != first
    assert steps_of_epoch(some(), 8, seed=3, epoch=1, sizes=SIZES) != first


def test_groups_of_like_length_share_a_step() -> None:
    """Sorted by length before they are cut into steps: within a step lengths differ less than over all."""
    steps = steps_of_epoch([group(i, length=i) for i in range(64)], 24, seed=0, epoch=0, sizes=SIZES)
    assert all(max(int(g.clip_id) for g in s.groups) - min(int(g.clip_id) for g in s.groups) == 7 for s in steps)
