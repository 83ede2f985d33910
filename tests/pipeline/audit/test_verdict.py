"""The interval over videos, the rule of the verdict, and what needs no learning to see."""

import numpy as np
import pytest

from pipeline.audit.habits import duplicates, length_bias, negation_bias
from pipeline.audit.verdict import SLICE, WHOLE, Ceiling, Outcome, judge, worst
from pipeline.blind_readers.groups import BlindGroup
from pipeline.stats.bootstrap import Share, share_over_videos
from schemas.claim import Axis
from schemas.pair import RejectedKind
from stages.seeding import rng_for


def share(point: float, half_width: float, videos: int = 100) -> Share:
    """A symmetric interval."""
    return Share(point, point - half_width, point + half_width, videos * 10, videos)


@pytest.mark.parametrize(
    ("reading", "ceiling", "outcome"),
    [
        (share(0.55, 0.04), WHOLE, Outcome.PASS),
        (share(0.30, 0.04), WHOLE, Outcome.PASS),  # below a half is no leak
        (share(0.551, 0.04), WHOLE, Outcome.FAIL),
        (share(0.55, 0.041), WHOLE, Outcome.NOT_ENOUGH),
        (share(0.70, 0.10), WHOLE, Outcome.FAIL),  # even its lower end is above the ceiling
        (share(0.60, 0.10), WHOLE, Outcome.NOT_ENOUGH),
        (share(0.50, 0.0, videos=9), WHOLE, Outcome.NOT_ENOUGH),
        (share(0.58, 0.06), SLICE, Outcome.PASS),
        (share(0.56, 0.05), WHOLE, Outcome.NOT_ENOUGH),
        (Share(0.54, 0.53, 0.61, 1000, 100), WHOLE, Outcome.FAIL),  # the upper end
    ],
)
def test_the_rule(reading: Share, ceiling: Ceiling, outcome: Outcome) -> None:
    """Pass needs a low point, a low upper end and a narrow interval; too wide is not enough, which is no pass."""
    assert judge(reading, ceiling) is outcome


def test_the_worst_counts() -> None:
    """One failure fails the set; without one, too few videos leave it open; nothing read is nothing known."""
    assert worst([Outcome.PASS, Outcome.NOT_ENOUGH, Outcome.FAIL]) is Outcome.FAIL
    assert worst([Outcome.PASS, Outcome.NOT_ENOUGH]) is Outcome.NOT_ENOUGH
    assert worst([Outcome.PASS]) is Outcome.PASS
    assert worst([]) is Outcome.NOT_ENOUGH


def test_the_interval_covers_what_videos_vary_by() -> None:
    """With one value per video the interval is that of a mean: 1.96 x sd / sqrt(videos), within a tenth.

    400 videos of ten equal pairs each, values 0 or 1 with probability 1/2: 1.96 x 0.5 / 20 = 0.049.
    """
    rng = rng_for(0, "tests", "interval")
    values_V = rng.integers(0, 2, size=400).astype(np.float64)
    found = share_over_videos(np.repeat(values_V, 10), np.repeat(np.arange(400), 10), rng)
    assert found.half_width == pytest.approx(1.96 * 0.5 / 20, rel=0.1)
    assert (found.pairs, found.videos) == (4000, 400)
    assert found.low < found.point < found.high


def test_ties_leave_the_interval_as_wide_as_their_number_allows() -> None:
    """A reader that ties on every pair reads a half exactly, with the width of so many thrown coins."""
    rng = rng_for(0, "tests", "interval")
    drawn = rng.integers(0, 2, size=100).astype(np.float64)
    found = share_over_videos(np.full(100, 0.5), np.arange(100), rng, drawn)
    assert found.point == 0.5
    assert found.half_width == pytest.approx(1.96 * 0.5 / 10, rel=0.15)


def test_a_share_of_nothing_is_refused() -> None:
    """Zero pairs have no mean."""
    with pytest.raises(ValueError, match="at least one pair"):
        share_over_videos(np.array([]), np.array([], dtype=np.int64), rng_for(0, "tests", "interval"))


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
