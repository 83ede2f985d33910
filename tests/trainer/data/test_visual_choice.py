"""Which visual negative of a level comes first."""

from dataclasses import replace

import pytest

from schemas.visual_negative import VisualKind, VisualNegative
from tests.trainer.policies import rows_of
from trainer.data.records import GroupRows
from trainer.data.visual_choice import by_choice
from trainer.data_settings import VisualChoice

KINDS = (VisualKind.REVERSED, VisualKind.SHUFFLED, VisualKind.BLACK, VisualKind.NOISE)
SEGMENT = VisualNegative(
    level=VisualKind.OTHER_SEGMENT.level,
    kind=VisualKind.OTHER_SEGMENT,
    preferred_segment_id="s0",
    segment_id="s1",
)


def group(group_id: str) -> GroupRows:
    """A group with four negatives of the whole video, and one of a segment."""
    whole = (VisualNegative(level=kind.level, kind=kind) for kind in KINDS)
    return replace(rows_of(group_id), negatives=(*whole, SEGMENT))


GAPS = {0: 2.0, 1: 0.5, 2: 9.0, 4: 1.0}
"""Of the reversed, the shuffled and the black clip and of the segment; nobody could tell the noise."""


def chosen(choice: VisualChoice, count: int = 4) -> list[list[VisualKind]]:
    groups = [group(f"g{number}") for number in range(count)]
    found = by_choice(groups, {rows.group_id: GAPS for rows in groups}, choice)
    return [[negative.kind for negative in rows.negatives] for rows in found]


def test_the_hardest_has_the_smallest_gap() -> None:
    """In each group and level; what has no gap comes last, and no negative is lost."""
    order = [VisualKind.SHUFFLED, VisualKind.REVERSED, VisualKind.BLACK, VisualKind.NOISE, VisualKind.OTHER_SEGMENT]
    assert chosen(VisualChoice.HARDEST) == [order] * 4


def test_spread_takes_each_place_equally_often() -> None:
    """Three are known: groups 0 and 3 begin with the hardest, group 1 with the next, group 2 with the easiest."""
    first = [kinds[0] for kinds in chosen(VisualChoice.SPREAD)]
    assert first == [VisualKind.SHUFFLED, VisualKind.REVERSED, VisualKind.BLACK, VisualKind.SHUFFLED]
    assert all(sorted(kinds) == sorted([*KINDS, VisualKind.OTHER_SEGMENT]) for kinds in chosen(VisualChoice.SPREAD))


@pytest.mark.parametrize("choice", [VisualChoice.BEST_KIND, VisualChoice.ALL])
def test_the_others_keep_the_order_of_the_set(choice: VisualChoice) -> None:
    """They need no scores."""
    assert by_choice([group("g")], {}, choice) == [group("g")]
