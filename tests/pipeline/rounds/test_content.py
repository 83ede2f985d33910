"""Every number of a loop's report, counted by hand, and its curves."""

import pytest

from pipeline.rounds.alarms import LoopAlarmKind
from pipeline.rounds.charts import charts
from pipeline.rounds.content import LoopReport, loop_report
from pipeline.rounds.settings import LoopSettings
from pipeline.rounds.state import BuiltRound, JudgeAgreement, LoopState, RoundState, TrainedRound
from pipeline.rounds.stop_rule import LoopEnd
from tests.pipeline.rounds.scripted_rounds import accuracies, built, made, measures, state


def report(found: LoopState, end: LoopEnd | None = None) -> LoopReport:
    none = [()] * len(found.measured)
    return loop_report(found, end, LoopSettings(), none, name="x", method="isr-dpo", model="m", asked=3)


def test_accuracies_and_gains() -> None:
    """5, 7, 6 of ten pairs: gains over round 0 of 0.2 and 0.1, over the best before of 0.2 and -0.1."""
    found = report(accuracies(5, 7, 6))
    assert [one.accuracy.value for one in found.rounds] == [0.5, 0.7, 0.6]
    assert [one.gain_over_start and one.gain_over_start.value for one in found.rounds] == [None, 0.2, 0.1]
    assert [one.gain_over_best for one in found.rounds] == [None, 0.2, -0.1]
    assert {(one.pairs, one.videos) for one in found.rounds} == {(10, 5)}
    assert found.best == 1


def test_the_gain_is_paired_over_videos() -> None:
    """Pairs 0 to 4 are won before, 0 to 5 after: only video 2 (pairs 4 and 5) gains, by 1/10 of the mean when it is
    drawn once among five. It is drawn 0 to 3 times in 95 % of draws: binomial(5, 0.2) is at most 3 in 99.3 %, at most 2
    in 94.2 %, and 0 in 32.8 %. The accuracy's own interval is far wider.
    """
    found = report(accuracies(5, 6)).rounds[1]
    assert found.gain_over_start is not None
    assert (found.gain_over_start.low, found.gain_over_start.high) == (0.0, 0.3)
    assert found.accuracy.high - found.accuracy.low > 0.5


def test_a_gain_is_certain_if_every_video_gains() -> None:
    """All ten pairs lost before and won after: 1, in every draw."""
    gain = report(accuracies(0, 10)).rounds[1].gain_over_start
    assert gain is not None
    assert (gain.low, gain.value, gain.high) == (1, 1, 1)


def test_what_phases_left_is_told_as_it_is() -> None:
    """Set, training, words, divergence and agreement of each round; 6 of 8 consistent verdicts are right."""
    set_ = BuiltRound(pairs=30, proven=20, judged=15, ties=4, flips=2, samples=90, sample_words=9.5)
    agreement = JudgeAgreement(asked=10, right=6, wrong=2)
    done = made(1, 6, set_, kl=0.25)
    assert done.measured is not None
    measured = done.measured.model_copy(update={"agreement": agreement, "answer_words": 8.0})
    found = report(state(done.model_copy(update={"measured": measured}))).rounds[1]
    assert (found.built, found.trained) == (set_, TrainedRound(steps=5))
    assert (found.kl_per_token, found.answer_words, found.whole, found.right, found.answers) == (0.25, 8, 0.75, 0.5, 4)
    assert (found.agreement, found.agreement_share) == (agreement, 0.75)


def test_a_judge_without_a_consistent_verdict_has_no_share() -> None:
    """Nothing is divided by 0."""
    assert JudgeAgreement(asked=3, right=0, wrong=0).share is None


def test_alarms_the_best_and_the_end_are_told() -> None:
    """Round 2 is cut, round 1 kept."""
    found = report(state(made(1, 6), made(2, 9, kl=2.0)), LoopEnd.ALARM)
    assert [alarm.kind for alarm in found.alarms] == [LoopAlarmKind.FAR_FROM_START]
    assert (found.best, found.end, found.asked) == (1, LoopEnd.ALARM, 3)


def test_a_round_without_a_policy_tells_whose_it_has() -> None:
    """Round 2 was not trained."""
    skipped = made(2, 6, built(3), TrainedRound(skipped="3 pairs, fewer than 20"))
    assert [one.policy for one in report(state(made(1, 6), skipped)).rounds] == [0, 1, 1]


def test_only_rounds_that_are_done_are_told() -> None:
    """A round under way is left out; without any there is no report."""
    under_way = LoopState(rounds=(RoundState(number=0, measured=measures(5)), RoundState(number=1, built=built())))
    assert len(report(under_way).rounds) == 1
    with pytest.raises(ValueError, match="round 0 is not measured"):
        report(LoopState())


def test_curves_lie_where_their_values_are() -> None:
    """Accuracies 0.4 and 0.6 beside chance, 0.5, in the middle: round 1 of 1 lies at the right edge."""
    [chart] = [one for one in charts(report(accuracies(4, 6))) if one.title == "Held-out accuracy"]
    [line] = chart.lines
    assert [dot.left for dot in line.dots] == [0, 100]
    assert line.dots[0].top > line.dots[1].top
    assert chart.level == pytest.approx((line.dots[0].top + line.dots[1].top) / 2)
    first = line.dots[0].interval
    assert first is not None
    assert first[0] < line.dots[0].top < first[1]
    assert line.dots[1].title.startswith("accuracy, round 1: 0.600 (")
    assert [text for _, text in chart.marks] == ["1.000", "0.000"]  # of 5 videos 3 are won, then 2: binomial
    assert chart.marks[0][0] < line.dots[1].top < line.dots[0].top < chart.marks[1][0]


def test_each_measure_has_a_curve_and_what_is_missing_has_none() -> None:
    """Of round 0 alone there are no sets and no gain; agreement is drawn where it was measured."""
    alone = {chart.title for chart in charts(report(LoopState(rounds=(RoundState(number=0, measured=measures(5)),))))}
    assert alone == {"Held-out accuracy", "Answers in its own words", "Distance from round 0", "Length of answers"}
    done = made(1, 6)
    assert done.measured is not None
    judged = done.measured.model_copy(update={"agreement": JudgeAgreement(asked=1, right=1, wrong=0)})
    every = list(charts(report(state(done.model_copy(update={"measured": judged})))))
    assert {chart.title for chart in every} - alone == {
        "Gain over round 0",
        "Judge and proof",
        "Label and length",
        "What became of comparisons",
        "Clauses of contexts",
    }
    assert all(0 <= dot.top <= 100 for chart in every for line in chart.lines for dot in line.dots)
