"""Alarms: each is raised by what it is about, by nothing else, and says in one line what to try."""

from dataclasses import replace

import pytest

from trainer.loop.alarms import ALARMS, AlarmKind, AlarmLimits, HeldOutResult, alarms
from trainer.loop.metrics import Summary

LIMITS = AlarmLimits(
    chosen_drift_per_token=-0.1,
    stuck_evaluations=3,
    stuck_accuracy=0.55,
    length_correlation=0.5,
    least_pairs=30,
    form_lost=0.1,
)
GOOD = Summary(
    level="answers",
    axis=None,
    pairs=30,
    accuracy=0.9,
    margin=0.5,
    chosen_drift=0.2,
    rejected_drift=-4.0,
    chosen_tokens=10,
    rejected_tokens=10,
    length_correlation=0.2,
    kl=None,
)


def result(step: int, whole: float | None = None, **changes: object) -> HeldOutResult:
    return HeldOutResult(step, (replace(GOOD, **changes),), whole)  # type: ignore[arg-type]


def kinds(*results: HeldOutResult) -> list[AlarmKind]:
    return [alarm.kind for alarm in alarms(results, LIMITS)]


def test_a_training_that_goes_well_raises_nothing() -> None:
    """Chosen rises, pairs are won, length does not matter, answers keep their form."""
    assert kinds() == []
    assert kinds(result(0, 0.95), result(50, 0.95), result(100, 0.9)) == []


@pytest.mark.parametrize(
    ("drifts", "raised"),
    [((-1.1,), True), ((-1.0,), False), ((-1.1, -1.2), True), ((-1.2, -1.1), False), ((0.5, -0.9), False)],
)
def test_chosen_falls_below_its_limit_and_still(drifts: tuple[float, ...], raised: bool) -> None:
    """Over 10 tokens the limit of -0.1 nats a token is -1: below it, and lower than at the look before."""
    found = kinds(*(result(step, chosen_drift=drift) for step, drift in enumerate(drifts)))
    assert found == [AlarmKind.CHOSEN_FALLS] * raised


def test_chosen_falls_is_raised_once_for_the_lowest_level() -> None:
    """Levels share their chosen answers, so there is one line for all of them."""
    summaries = (replace(GOOD, chosen_drift=-2.0), replace(GOOD, level="temporal", chosen_drift=-3.0))
    [alarm] = alarms([HeldOutResult(7, summaries)], LIMITS)
    assert alarm.text == (
        "step 7: temporal: chosen answers lost 0.300 nats per token against the reference (limit 0.100) and are still "
        "falling; try a higher loss.anchor, a higher loss.beta or a lower optimiser.learning_rate"
    )


@pytest.mark.parametrize(
    ("accuracies", "pairs", "raised"),
    [
        ((0.5, 0.5, 0.52), 30, True),
        ((0.9, 0.5, 0.5, 0.52), 30, True),
        ((0.5, 0.5), 30, False),
        ((0.5, 0.5, 0.7), 30, False),
        ((0.5, 0.5, 0.5), 29, False),
    ],
)
def test_accuracy_is_stuck_over_several_evaluations(accuracies: tuple[float, ...], pairs: int, raised: bool) -> None:
    """The mean of the last three results is below 0.55, each has enough pairs, and older results do not count."""
    found = kinds(*(result(step, accuracy=accuracy, pairs=pairs) for step, accuracy in enumerate(accuracies)))
    assert found == [AlarmKind.ACCURACY_STUCK] * raised


@pytest.mark.parametrize(
    ("correlation", "pairs", "raised"),
    [(0.6, 30, True), (-0.6, 30, True), (0.5, 30, False), (0.6, 29, False), (None, 30, False)],
)
def test_the_margin_is_won_by_length(correlation: float | None, pairs: int, raised: bool) -> None:
    """|r| above 0.5 over enough pairs, in either direction."""
    assert kinds(result(5, length_correlation=correlation, pairs=pairs)) == [AlarmKind.WON_BY_LENGTH] * raised


def test_the_direction_of_length_is_named() -> None:
    """One knows which answers win."""
    for correlation, word in ((0.6, "longer answer (r +0.60"), (-0.6, "shorter answer (r -0.60")):
        [alarm] = alarms([result(5, length_correlation=correlation)], LIMITS)
        assert word in alarm.text


@pytest.mark.parametrize(
    ("rates", "raised"),
    [
        ((0.95, 0.8), True),
        ((0.95, 0.86), False),
        ((0.95, 0.94, 0.8), True),
        ((None, 0.95, 0.8), True),
        ((0.95, 0.8, None), False),
        ((0.5,), False),
        ((0.5, 0.5), False),
    ],
)
def test_form_is_lost_against_the_start(rates: tuple[float | None, ...], raised: bool) -> None:
    """The share of whole answers fell by more than 0.1 since the first look that generated any.

    A model that never wrote whole sentences has lost nothing.
    """
    assert kinds(*(result(step, rate) for step, rate in enumerate(rates))) == [AlarmKind.FORM_LOST] * raised


def test_axes_alone_raise_nothing() -> None:
    """Alarms are of whole levels: an axis has few pairs and many chances."""
    assert alarms([HeldOutResult(1, (replace(GOOD, axis="spatial", chosen_drift=-5.0),))], LIMITS) == ()  # type: ignore[arg-type]


def test_every_alarm_is_one_line_that_says_what_to_try() -> None:
    """All four kinds, each with its step, its limit and a remedy."""
    bad = {"accuracy": 0.5, "length_correlation": 0.9}
    results = [result(0, 0.9, **bad), result(1, 0.9, **bad), result(9, 0.1, **bad, chosen_drift=-5.0)]
    found = alarms(results, LIMITS)
    assert {alarm.kind for alarm in found} == set(ALARMS) == set(AlarmKind)
    for alarm in found:
        assert alarm.text.startswith("step 9: ")
        assert "(" in alarm.text
        assert "limit" in alarm.text
        assert "; try " in alarm.text
        assert "\n" not in alarm.text
