"""The demo's last step: a tiny random policy is made, trained and evaluated on what the demo built."""

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.cli.exit_codes import DONE, exit_code
from pipeline.demo import run
from pipeline.demo.rehearsal import MODEL, POLICY, Rehearsal, rehearse
from pipeline.evaluation.run import EvaluateOptions, evaluate
from pipeline.evaluation.split import EvaluatedSplit
from stages.models.video_llm import open_family
from tests.finished import write_set
from trainer.loop.metrics_log import METRICS
from trainer.policy.tiny_model import TinyShape, write_tiny

pytestmark = pytest.mark.slow(20)

TEXTS = ("The red thing comes into view.", "The blue thing goes out of view.")
SMALL = Rehearsal(TinyShape(frame_tokens=4), groups=6, epochs=8, learning_rate=1e-2)


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of a rehearsal on the smallest scale, and what was printed."""
    folder = tmp_path_factory.mktemp("demo")
    write_set(folder / "set", videos=4)
    written = StringIO()
    rehearse(Console(file=written, width=120), dataset=str(folder / "set"), folder=folder, rehearsal=SMALL)
    return folder, written.getvalue()


def test_it_trains_and_the_pairs_trained_on_are_won(rehearsed: tuple[Path, str]) -> None:
    """The loss falls, and of the pairs trained on more are won than before."""
    folder, printed = rehearsed
    records = [json.loads(line) for line in (folder / POLICY / METRICS).read_text().splitlines()]
    losses = [record["loss"] for record in records if "loss" in record]
    assert losses[-1] < losses[0]
    report = evaluate(
        EvaluateOptions(
            str(folder / POLICY),
            str(folder / "set"),
            EvaluatedSplit.TRAIN,
            device="cpu",
            overrides=("generate_groups=0", "choice_groups=0"),
        )
    )
    assert report.groups == SMALL.groups
    line = report.lines[0]
    assert line.base is not None
    assert line.policy.value > max(0.8, line.base.value)
    [row] = [text for text in printed.splitlines() if text.strip().startswith("chosen over rejected")]
    assert f"{line.base.value:.3f}" in row.split()
    assert f"{line.policy.value:.3f}" in row.split()


def test_it_prints_both_losses_and_both_splits(rehearsed: tuple[Path, str]) -> None:
    """The mean loss of the first and of the last tenth of the steps, and a column for each split."""
    folder, printed = rehearsed
    records = [json.loads(line) for line in (folder / POLICY / METRICS).read_text().splitlines()]
    losses = [record["loss"] for record in records if "loss" in record]
    tenth = max(1, len(losses) // 10)
    for part in (losses[:tenth], losses[-tenth:]):
        assert f"{sum(part) / tenth:.3f}" in printed
    assert "not a result" in printed
    assert [name for name in ("trained", "held out") if name not in printed] == []


def test_a_tiny_model_is_the_same_each_time(tmp_path: Path) -> None:
    """The same arguments give the same checkpoint, which the product opens as Qwen2.5-VL."""
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        write_tiny(folder, TEXTS, TinyShape())
    assert {file.name: file.read_bytes() for file in first.iterdir()} == {
        file.name: file.read_bytes() for file in second.iterdir()
    }
    assert open_family(str(first)).name == "qwen2_5_vl"


def test_without_the_extra_training_is_left_out_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is missing and how to get it is one line, and the demo ends well."""
    from pipeline.cli.app import app

    for name in ("render_set", "_manifest", "run_build", "run_verify", "run_audit", "run_inspect", "rehearse_models"):
        monkeypatch.setattr(run, name, lambda *_, **__: None)
    write_set(tmp_path / "built", videos=2)
    opened = run.FinishedSet.open(str(tmp_path / "built"))
    monkeypatch.setattr(run.FinishedSet, "open", lambda _: opened)
    monkeypatch.setattr(run, "missing_for_train", lambda: ["torch", "peft"])
    assert exit_code(app, ["demo", "--out", str(tmp_path / "demo"), "--clips", "2"]) == DONE
    lines = capsys.readouterr().out.splitlines()
    [line] = [line for line in lines if "torch, peft" in line]
    assert line.endswith("try: pip install -e '.[train]'")
    assert "vidpref evaluate --policy policy --data ds" in lines
    assert not (tmp_path / "demo" / MODEL).exists()
