"""An evaluation report on a terminal."""

import io

from rich.console import Console

from pipeline.evaluation.report import EvaluationReport
from pipeline.evaluation.split import EvaluatedSplit
from pipeline.evaluation.tables import report_tables
from stages.models.video_llm.score import ScorePath
from trainer.recipe import Precision


def test_names_in_brackets_are_no_markup() -> None:
    """Policy, base and set are named as they were given, whatever brackets are in them."""
    report = EvaluationReport(
        policy="policies/[the box]",
        base="bases/[/b]",
        dataset="sets/[/INST]",
        split=EvaluatedSplit.ALL,
        groups=1,
        pairs=3,
        videos=1,
        dropped_pairs=0,
        num_frames=8,
        device="cpu",
        precision=Precision.FLOAT32,
        path=ScorePath.UNSHARED,
        lines=(),
        answers=(),
        lmms_eval="",
    )
    console = Console(file=io.StringIO(), record=True, width=200)
    console.print(*report_tables(report), sep="\n")
    said = console.export_text()
    assert "policies/[the box] on sets/[/INST]" in said
    assert "Base model: bases/[/b]." in said
