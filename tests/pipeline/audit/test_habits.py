"""Habits that are counted."""

import pytest

from pipeline.audit.habits import duplicates, length_bias, negation_bias
from pipeline.blind_readers.groups import BlindGroup
from schemas.claim import Axis
from schemas.pair import RejectedKind
from stages.seeding import rng_for


def group(number: int, question: str, *texts: str) -> BlindGroup:
    """A group of one clip."""
    kinds = (RejectedKind.RELEVANT,) * (len(texts) - 1)
    return BlindGroup(str(number), f"v{number % 3}", "clip none", Axis.SPATIAL, question, texts, kinds)


def test_length_and_negation_are_counted_over_pairs() -> None:
    """Chosen is longer in one pair of two, and denies in one of two; ties count one half."""
    groups = [group(0, "?", "It is red.", "It is."), group(1, "?", "It is not red.", "It is not anything red.")]
    rng = rng_for(0, "tests", "habits")
    length, negation = length_bias(groups, rng), negation_bias(groups, rng)
    assert length.chosen_more == 0.5
    assert (length.chosen_mean, length.rejected_mean) == (12.0, 14.5)
    assert negation.chosen_more == 0.5
    assert (negation.chosen_mean, negation.rejected_mean) == (0.5, 0.5)


def test_repeats_are_counted() -> None:
    """A pair repeats another if question and both answers are equal after normalising, about the same clip."""
    groups = [
        group(0, "Which?", "Red.", "Blue.", "Green."),
        group(1, "which", "RED!", "Blue."),
        group(2, "Where?", "Left.", "Right."),
    ]
    found = duplicates(groups)
    assert (found.repeated_pairs, found.repeated_questions) == (1, 1)
    assert found.commonest_question_share == pytest.approx(2 / 3, abs=1e-4)
