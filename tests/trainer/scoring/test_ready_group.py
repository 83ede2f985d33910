"""A group as a model sees it, whole and in parts."""

import torch

from schemas.visual_negative import VisualLevel
from stages.models.video_llm.encoded import EncodedGroup
from tests.trainer.policies import rows_of
from trainer.scoring.ready_group import EncodedContrast, ReadyGroup


def encoded(token: int) -> EncodedGroup:
    """An input that is known by its prompt's token."""
    return EncodedGroup(torch.tensor([token]), (torch.tensor([7]),), {})


ANSWERS, OTHER, BLACK, BETTER, WORSE = map(encoded, range(5))
GROUP = ReadyGroup(
    rows_of(),
    ANSWERS,
    (
        EncodedContrast(VisualLevel.INSTANCE, None, OTHER),
        EncodedContrast(VisualLevel.TEMPORAL, BETTER, WORSE),
        EncodedContrast(VisualLevel.INSTANCE, None, BLACK),
    ),
)


def test_visuals_are_scored_in_order_and_each_must_win_or_lose() -> None:
    """The group's own visual, then a negative of it, then a pair of visuals, then another negative of its own."""
    assert GROUP.visuals == (ANSWERS, OTHER, BETTER, WORSE, BLACK)
    assert GROUP.contrasts_must_win == (False, True, False, False)


def test_parts_hold_every_visual_once() -> None:
    """The answers with both contrasts to their own visual, then the pair of two others; an idle part has none."""
    parts = GROUP.parts()
    assert [part.visuals for part in parts] == [(ANSWERS, OTHER, BLACK), (BETTER, WORSE)]
    assert [part.contrasts_must_win for part in parts] == [(False, False), (True, False)]
    assert GROUP.idle.visuals == GROUP.idle.contrasts_must_win == ()
