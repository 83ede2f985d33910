"""The statistics of an evaluation, with numbers derived by hand."""

from collections.abc import Sequence

import numpy as np
import pytest

from pipeline.evaluation.observations import Metric, observations, win
from pipeline.evaluation.report import MeanWithInterval, MetricLine, metric_lines, written_answers
from pipeline.stats.bootstrap import gain_over_videos
from schemas.claim import Axis
from schemas.pair import RejectedKind
from schemas.shown import EditKind, Shown
from schemas.visual_negative import VisualLevel
from stages.models.video_llm.generate import Generated, Match
from tests.scenes import span
from tests.trainer.policies import rows_of
from trainer.answering.choices import ChoiceForm
from trainer.answering.evaluate import ChoiceResult, ContrastScore, GroupResult

RED, BLUE, PINK = "It is red.", "It is blue.", "It is pink."
WRONG = ((BLUE, RejectedKind.RELEVANT), (PINK, RejectedKind.IRRELEVANT))
ZERO, ONE = MeanWithInterval(value=0, low=0, high=0), MeanWithInterval(value=1, low=1, high=1)


def result(*logprobs: float, video: str = "a", axis: Axis = Axis.SPATIAL) -> GroupResult:
    """A group whose chosen answer is red, with log-probabilities of red, blue and pink."""
    return GroupResult(rows_of(f"{video} {axis}", video, RED, WRONG, axis=axis), logprobs)


def line(lines: Sequence[MetricLine], metric: Metric, part: str) -> MetricLine:
    """The one line of that metric and part."""
    [found] = [line for line in lines if (line.metric, line.part) == (metric, part)]
    return found


def values(results: Sequence[GroupResult], metric: Metric, part: str) -> list[float]:
    """What was observed there."""
    return [seen.value for seen in observations(results) if (seen.metric, seen.part) == (metric, part)]


@pytest.mark.parametrize(("first", "second", "value"), [(-1.0, -2.0, 1.0), (-2.0, -1.0, 0.0), (-1.0, -1.0, 0.5)])
def test_a_tie_is_half_a_win(first: float, second: float, value: float) -> None:
    """Larger 1, smaller 0, equal one half."""
    assert win(first, second) == value


def test_pairs_count_by_axis_and_kind() -> None:
    """Spatial group: red -1 beats blue -2 (relevant, 1), ties with pink -1 (irrelevant, 1/2). Temporal group: red -3
    loses to both. All: (1 + 1/2 + 0 + 0) / 4; spatial 3/4, temporal 0; relevant (1 + 0) / 2, irrelevant (1/2 + 0) / 2.

    First of all: a tie with pink is 1/2, then 0: 1/4.
    """
    lines = metric_lines([result(-1, -2, -1), result(-3, -2, -1, axis=Axis.TEMPORAL)], None, seed=0)
    found = {part.part: (part.policy.value, part.count) for part in lines if part.metric is Metric.PREFERENCE}
    assert found == {
        "all": (0.375, 4),
        "axis spatial": (0.75, 2),
        "axis temporal": (0.0, 2),
        "kind relevant": (0.5, 2),
        "kind irrelevant": (0.25, 2),
    }
    assert line(lines, Metric.RANKED_FIRST, "all").policy.value == 0.25
    assert all(part.base is None and part.gain is None for part in lines)


def test_visual_negatives_count_by_level_and_kind_and_not_among_pairs() -> None:
    """Chosen at -1 on the preferred visual: above -2 on the reversed one, 1; below 0 on the shuffled one, 0."""
    group = result(-1, -2, -3)
    contrasts = (
        ContrastScore(VisualLevel.INSTANCE, "reversed", -1, -2),
        ContrastScore(VisualLevel.INSTANCE, "shuffled", -1, 0),
    )
    seen = [GroupResult(group.rows, group.logprobs, contrasts)]
    assert values(seen, Metric.PREFERENCE, "level instance") == [1, 0]
    assert values(seen, Metric.PREFERENCE, "level instance: reversed") == [1]
    assert values(seen, Metric.PREFERENCE, "all") == [1, 1]


def test_kinds_are_listed_below_their_level() -> None:
    """Also if a kind of the first level appears after another level."""
    group = result(-1, -2, -3)
    shown = [(VisualLevel.INSTANCE, "black"), (VisualLevel.TEMPORAL, "shuffled"), (VisualLevel.INSTANCE, "noise")]
    results = [GroupResult(group.rows, group.logprobs, (ContrastScore(*one, -1, -2),)) for one in shown]
    parts = [line.part for line in metric_lines(results, None, seed=0) if line.part.startswith("level")]
    assert parts == [
        "level instance",
        "level instance: black",
        "level instance: noise",
        "level temporal",
        "level temporal: shuffled",
    ]


@pytest.mark.parametrize(
    ("on_clip", "on_twin", "value"),
    [
        ((-1, -2), (-2, -1), 1.0),
        ((-1, -2), (-1, -2), 0.0),
        ((-2, -1), (-1, -2), 0.0),
        ((-1, -2), (-1, -1), 0.5),
        ((-1, -1), (-1, -1), 0.25),
    ],
    ids=["looks", "likes red", "likes the wrong one", "ties once", "ties twice"],
)
def test_a_twin_is_won_on_both_sides(on_clip: tuple[float, float], on_twin: tuple[float, float], value: float) -> None:
    """Red is right on the clip and blue on its mirror image; scores are of red and blue. Liking one text wins one side
    and so nothing; a policy that always ties is as good as two coins, 1/2 x 1/2.
    """
    group = GroupResult(rows_of("g", "a", RED, WRONG), (*on_clip, -9))
    wrong = ((RED, RejectedKind.RELEVANT), (PINK, RejectedKind.IRRELEVANT))
    rows = rows_of("t", "a", BLUE, wrong, twin_of="g", shown=Shown.whole(EditKind.MIRRORED, span(0, 10)))
    twin = GroupResult(rows, (on_twin[1], on_twin[0], -9))
    assert values([group, twin], Metric.TWINS, "all") == [value]
    assert values([group, twin], Metric.TWINS, "mirrored") == [value]


@pytest.mark.parametrize(
    ("on_clip", "on_twin", "text", "visual", "every"),
    [
        ((-1, -2), (-4, -3), [1, 1], [1, 0], 0),
        ((-1, -4), (-2, -1), [1, 1], [1, 1], 1),
        ((-3, -4), (-1, -2), [1, 0], [0, 1], 0),
        ((-1, -1), (-1, -1), [0.5, 0.5], [0.5, 0.5], 0.0625),
    ],
    ids=["finds the clip likelier", "looks", "likes the twin's clip", "ties"],
)
def test_a_twin_has_four_edges(
    on_clip: tuple[float, float], on_twin: tuple[float, float], text: list[float], visual: list[float], every: float
) -> None:
    """Scores are of red (true of the clip) and blue (true of its twin). Text edges: red over blue on the clip, blue
    over red on the twin. Visual edges: clip over twin for red, twin over clip for blue.

    Looks: -1 > -4 and -1 > -2; -1 > -2 and -1 > -4. The clip likelier: blue is -2 on the clip and -3 on the twin, so
    its visual edge is lost. The twin's clip likelier: red -3 < -1, blue -2 > -4; on the twin red is preferred.
    """
    group = GroupResult(rows_of("g", "a", RED, ((BLUE, RejectedKind.RELEVANT),)), on_clip)
    rows = rows_of("t", "a", BLUE, ((RED, RejectedKind.RELEVANT),), twin_of="g")
    twin = GroupResult(rows, (on_twin[1], on_twin[0]))
    assert values([group, twin], Metric.TWINS, "text edges") == text
    assert values([group, twin], Metric.TWINS, "visual edges") == visual
    assert values([group, twin], Metric.TWINS, "all four edges") == [every]


def test_a_pair_that_needs_the_order_is_scored_with_and_without_it() -> None:
    """In order red beats blue and not pink: 1, 0. Reversed it beats neither: 0, 0. The differences are 1 and 0. Other
    contrasts say nothing of the order.
    """
    reversed_frames = ContrastScore(VisualLevel.INSTANCE, "reversed", -2, -5, (-5, -4, -3))
    moved = ContrastScore(VisualLevel.PERCEPTIVE, "moved", -2, -5)
    result = GroupResult(rows_of("g", "a", RED, WRONG), (-2, -3, -1), (reversed_frames, moved))
    assert values([result], Metric.ORDER, "frames in order") == [1, 0]
    assert values([result], Metric.ORDER, "frames reversed or shuffled") == [0, 0]
    assert values([result], Metric.ORDER, "difference") == [1, 0]


def test_wrong_answers_of_the_same_video_and_foreign_ones_count_apart() -> None:
    """Blue is true of the clip's other stretch, pink of nothing: red (-1) beats blue (-2) on the first and loses to
    pink (0). On the second blue (-3) loses to red (-1), which is true of the first, and to pink (-2). A stretch of
    another clip, another question, or the whole clip makes no answer misplaced.
    """
    first, second = Shown(segment_id="s0"), Shown(segment_id="s1")
    one = GroupResult(rows_of("g", "a", RED, WRONG, shown=first), (-1, -2, 0))
    wrong = ((RED, RejectedKind.RELEVANT), (PINK, RejectedKind.IRRELEVANT))
    two = GroupResult(rows_of("t", "a", BLUE, wrong, shown=second, twin_of="g"), (-3, -1, -2))
    assert values([one, two], Metric.PREFERENCE, "kind true of another stretch") == [1, 0]
    assert values([one, two], Metric.PREFERENCE, "kind irrelevant") == [0, 0]
    for other in (rows_of("t", "b", BLUE, wrong, shown=second), rows_of("t", "a", BLUE, wrong)):
        assert values([one, GroupResult(other, (-3, -1, -2))], Metric.PREFERENCE, "kind true of another stretch") == []


def test_a_twin_without_its_group_is_not_counted() -> None:
    """Nor is one whose chosen answer its group does not have."""
    twin = GroupResult(rows_of("t", "a", BLUE, ((RED, RejectedKind.RELEVANT),), twin_of="g"), (-1, -2))
    stranger = GroupResult(rows_of("g", "a", RED, ((PINK, RejectedKind.RELEVANT),)), (-1, -2))
    assert values([twin], Metric.TWINS, "all") == []
    assert values([stranger, twin], Metric.TWINS, "all") == []


def test_answers_in_own_words_count_by_form_and_match() -> None:
    """Chosen and whole; rejected and whole; neither and cut: whole 2/3, each match 1/3."""
    said = (
        Generated("It is RED.", 3, ended=True),
        Generated(BLUE, 3, ended=True),
        Generated("It is", 9, ended=False),
    )
    groups = [
        GroupResult(rows_of(f"g{number}", "a", RED, WRONG), (-1, -2, -3), generated=answer)
        for number, answer in enumerate(said)
    ]
    lines = metric_lines(groups, None, seed=0)
    shares = {part.part: part.policy.value for part in lines if part.metric is Metric.GENERATED}
    assert shares == {"of valid form": 0.6667, "is chosen": 0.3333, "is rejected": 0.3333, "is neither": 0.3333}
    assert [(row.match, row.whole) for row in written_answers(groups, None)] == [
        (Match.CHOSEN, True),
        (Match.REJECTED, True),
        (Match.NEITHER, False),
    ]


def test_choices_count_by_form() -> None:
    """The credit of each form is averaged by itself."""
    rows = rows_of("g", "a", RED, WRONG)
    given = (ChoiceResult(ChoiceForm.PLAIN, 1.0), ChoiceResult(ChoiceForm.ONLY_NONE, 0.25))
    lines = metric_lines([GroupResult(rows, (-1, -2, -3), choices=given)], None, seed=0)
    assert line(lines, Metric.CHOICE, "plain").policy == ONE
    assert line(lines, Metric.CHOICE, "only_none").policy.value == 0.25


def test_intervals_are_over_videos() -> None:
    """Video a is right and video b wrong, so a draw of two has a mean of 0, 1/2 or 1 (probabilities 1/4, 1/2, 1/4): the
    95 % interval is 0 to 1, however many pairs each has. Four videos that are all right leave no doubt.
    """
    lines = metric_lines([result(-1, -2, -3), result(-3, -2, -1, video="b")], None, seed=0)
    part = line(lines, Metric.PREFERENCE, "all")
    assert (part.policy.value, part.policy.low, part.policy.high) == (0.5, 0, 1)
    assert (part.count, part.videos) == (4, 2)
    sure = metric_lines([result(-1, -2, -3, video=video) for video in "abcd"], None, seed=0)
    assert line(sure, Metric.PREFERENCE, "all").policy == ONE


def test_a_gain_is_of_the_same_videos() -> None:
    """Base and policy both right on a and wrong on b: each alone is between 0 and 1, their difference is exactly 0.
    A policy that is right on both gains 1 on b and 0 on a: 1/2, between 0 and 1.
    """
    mixed = [result(-1, -2, -3), result(-3, -2, -1, video="b")]
    right = [result(-1, -2, -3), result(-1, -2, -3, video="b")]
    same = line(metric_lines(mixed, mixed, seed=0), Metric.PREFERENCE, "all")
    assert (same.gain, same.base) == (ZERO, same.policy)
    better = line(metric_lines(right, mixed, seed=0), Metric.PREFERENCE, "all")
    assert (better.base, better.policy) == (same.policy, ONE)
    assert better.gain == MeanWithInterval(value=0.5, low=0, high=1)


def test_the_same_seed_gives_the_same_intervals() -> None:
    """And another seed other draws."""
    rng = np.random.default_rng(0)
    results = [result(*rng.normal(size=3), video=f"v{number}") for number in range(25)]
    assert metric_lines(results, None, seed=1) == metric_lines(results, None, seed=1)
    assert metric_lines(results, None, seed=1) != metric_lines(results, None, seed=2)


def test_policy_and_base_must_be_asked_the_same() -> None:
    """Other groups, or another order, are no comparison."""
    with pytest.raises(ValueError, match="same groups"):
        metric_lines([result(-1, -2, -3)], [result(-1, -2, -3, video="b")], seed=0)


def test_a_gain_needs_pairs() -> None:
    """None at all, or not as many before as after, are refused."""
    none, one = np.zeros(0), np.zeros(1)
    for before, after in ((none, none), (one, none)):
        with pytest.raises(ValueError, match="as many pairs before as after"):
            gain_over_videos(before, after, np.zeros(1, np.int64), np.random.default_rng(0))
