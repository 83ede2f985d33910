"""The curves of a loop's report: which there are, and what each says."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.evaluation.report import MeanWithInterval
from pipeline.rounds.content import LoopReport, RoundReport
from pipeline.rounds.curves import CurveChart, CurvePoint, curve_chart
from pipeline.rounds.settings import StopSettings
from pipeline.rounds.state import BuiltRound

Value = Callable[[RoundReport], float | MeanWithInterval | None]
"""What a series shows of a round; nothing where it is None."""


@dataclass(frozen=True)
class _Curves:
    """A chart before it is drawn."""

    title: str
    note: str
    series: dict[str, Value]
    form: str = ".3f"
    level: float | None = None


def charts(report: LoopReport) -> Iterator[CurveChart]:
    """The curves by round, but those without a point."""
    for curves in (*_of_policies(report.settings.stop), *_of_sets(report.settings.stop)):
        series = {name: list(_points(report, value)) for name, value in curves.series.items()}
        last = report.rounds[-1].number
        drawn = curve_chart(curves.title, curves.note, series, last, form=curves.form, level=curves.level)
        if drawn is not None:
            yield drawn


def _of_policies(stop: StopSettings) -> Iterator[_Curves]:
    """What each round's policy does on what no round is trained on."""
    yield _Curves(
        "Held-out accuracy",
        "Share of proven pairs of held-out videos of which the chosen answer is more likely, with 95 % intervals.",
        {"accuracy": lambda one: one.accuracy},
        level=0.5,
    )
    yield _Curves(
        "Gain over round 0",
        "On the same pairs; the interval is of the difference, by bootstrap over videos.",
        {"gain": lambda one: one.gain_over_start},
        form="+.3f",
        level=0.0,
    )
    yield _Curves(
        "Answers in its own words",
        "Of the answers to held-out questions: complete sentences, and those that are the chosen answer.",
        {"complete": lambda one: one.whole, "right": lambda one: one.right},
        form=".2f",
    )
    yield _Curves(
        "Distance from round 0",
        f"KL divergence, nats per token along round 0's answers; more than {stop.kl_per_token:g} is an alarm.",
        {"KL": lambda one: one.kl_per_token},
    )
    yield _Curves(
        "Judge and proof",
        "Of the judge's consistent verdicts on rendered clips the share that proof confirms.",
        {"agreement": lambda one: one.agreement_share},
        form=".2f",
        level=0.5,
    )


def _of_sets(stop: StopSettings) -> Iterator[_Curves]:
    """What each round was made of; the length of answers beside that of the policy's."""
    yield _Curves(
        "Length of answers",
        "Mean words of the policy's answers to held-out questions, of the samples of which the round was made, and of "
        f"its chosen and rejected answers; growth by more than {stop.answer_growth:.0%} a round is an alarm.",
        {
            "answers": lambda one: one.answer_words,
            "samples": _of_set(lambda built: built.sample_words),
            "chosen": _of_set(lambda built: built.chosen_words),
            "rejected": _of_set(lambda built: built.rejected_words),
        },
        form=".1f",
    )
    yield _Curves(
        "Label and length",
        f"Correlation of being chosen with length; more than {stop.length_correlation:g} is an alarm.",
        {"r": _of_set(lambda built: built.length_correlation)},
        form="+.2f",
        level=0.0,
    )
    yield _Curves(
        "What became of comparisons",
        "Pairs decided by proof and by the judge; ties; and flips, where the order decided.",
        {
            "proven": _of_set(lambda built: built.proven),
            "judged": _of_set(lambda built: built.judged),
            "ties": _of_set(lambda built: built.ties),
            "flips": _of_set(lambda built: built.flips),
        },
        form=".0f",
    )
    yield _Curves(
        "Clauses of contexts",
        "Those that the judge is given; those among them that the scene does not decide; and those that were struck.",
        {
            "kept": _of_set(lambda built: built.context_kept),
            "unknown": _of_set(lambda built: built.context_unknown),
            "struck": _of_set(lambda built: built.context_struck),
        },
        form=".0f",
    )


def _of_set(value: Callable[[BuiltRound], float | None]) -> Value:
    return lambda one: None if one.built is None else value(one.built)


def _points(report: LoopReport, value: Value) -> Iterator[CurvePoint]:
    for one in report.rounds:
        found = value(one)
        if isinstance(found, MeanWithInterval):
            yield CurvePoint(one.number, found.value, found.low, found.high)
        elif found is not None:
            yield CurvePoint(one.number, found)
