"""An evaluation report on a terminal."""

import io

import pytest
from rich.console import Console

from pipeline.evaluation.observations import Metric
from pipeline.evaluation.report import EvaluationReport, MeanWithInterval, MetricLine
from pipeline.evaluation.split import EvaluatedSplit
from pipeline.evaluation.tables import report_tables
from stages.models.video_llm.score import ScorePath
from trainer.recipe import Precision

PREFERENCE = MetricLine(
    metric=Metric.PREFERENCE,
    part="axis cross_frame",
    count=38,
    videos=7,
    base=MeanWithInterval(value=0.5, low=0.25, high=0.75),
    policy=MeanWithInterval(value=0.625, low=0.375, high=0.875),
    gain=MeanWithInterval(value=0.125, low=-0.0625, high=0.3125),
)
CHOICE = MetricLine(
    metric=Metric.CHOICE,
    part="with_none",
    count=9,
    videos=7,
    base=None,
    policy=MeanWithInterval(value=1.0, low=1.0, high=1.0),
    gain=None,
)
REPORT = EvaluationReport(
    policy="policies/[the box]",
    base="bases/[/b]",
    start=None,
    dataset="sets/[/INST]",
    split=EvaluatedSplit.ALL,
    groups=21,
    pairs=38,
    videos=7,
    dropped_pairs=4,
    num_frames=8,
    device="cpu",
    precision=Precision.FLOAT32,
    path=ScorePath.UNSHARED,
    lines=(PREFERENCE, CHOICE),
    answers=(),
    lmms_eval="",
)


def printed(report: EvaluationReport, width: int = 400) -> str:
    """The tables as text."""
    console = Console(file=io.StringIO(), record=True, width=width)
    console.print(*report_tables(report), sep="\n")
    return console.export_text()


def test_a_line_holds_its_figures() -> None:
    """Count, base, policy with its interval, gain with its interval, in this order, to three places."""
    [row] = [line for line in printed(REPORT).splitlines() if "cross frame" in line]
    assert row.split() == ["axis", "cross", "frame", "38", "0.500", "0.625", "0.375…0.875", "+0.125", "-0.062…+0.312"]


def test_a_kind_is_indented_below_its_level() -> None:
    """The name of the level stands once, above its kinds."""
    parts = ("level instance", "level instance: other_video")
    lines = tuple(PREFERENCE.model_copy(update={"part": part}) for part in parts)
    level, kind = (line for line in printed(REPORT.model_copy(update={"lines": lines})).splitlines() if "0.625" in line)
    assert level.strip().startswith("level instance")
    assert kind.strip().startswith("other video")
    assert level.index("level") < kind.index("other")


def test_what_a_training_went_on_from_has_a_table_of_its_own() -> None:
    """Its share and the gain over it stand where the first table has those of the base model."""
    start = {
        "start": MeanWithInterval(value=0.6, low=0.3, high=0.8),
        "gain_over_start": MeanWithInterval(value=0.025, low=-0.1, high=0.2),
    }
    lines = (PREFERENCE.model_copy(update=start),)
    text = printed(REPORT.model_copy(update={"lines": lines, "start": "adapters/[/i]"}))
    first, second = (row.split() for row in text.splitlines() if "cross frame" in row)
    assert first[3:] == ["38", "0.500", "0.625", "0.375…0.875", "+0.125", "-0.062…+0.312"]
    assert second[3:] == ["38", "0.600", "0.625", "0.375…0.875", "+0.025", "-0.100…+0.200"]
    assert "adapters/[/i]" in text


def test_without_a_base_model_there_are_no_figures_of_it() -> None:
    """Count and policy alone."""
    [row] = [line for line in printed(REPORT).splitlines() if "none of the above" in line]
    assert row.split()[4:] == ["9", "1.000", "1.000…1.000"]


@pytest.mark.parametrize("figure", ["38 pairs", "21 questions", "7 videos", "At most 8 frames", "4 pairs"])
def test_the_counts_are_there(figure: str) -> None:
    """Pairs, questions, videos, frames per clip, and the pairs left out."""
    assert figure in printed(REPORT)


def test_nothing_left_out_is_not_mentioned() -> None:
    """A report without dropped pairs has no sentence about them."""
    assert "Left out" in printed(REPORT)
    assert "Left out" not in printed(REPORT.model_copy(update={"dropped_pairs": 0}))


def test_figures_are_whole_on_80_columns() -> None:
    """No number is folded or cut on a narrow terminal."""
    rows = printed(REPORT, width=80).splitlines()
    assert max(len(row.rstrip()) for row in rows) <= 80
    assert any("0.375…0.875" in row and "-0.062…+0.312" in row for row in rows)


def test_names_in_brackets_are_not_markup() -> None:
    """Policy, base and set are named as they were given, whatever brackets are in them."""
    text = printed(REPORT)
    assert "policies/[the box] on sets/[/INST]" in text
    assert "Base model: bases/[/b]." in text
