"""`vidpref evaluate` on a finished set with a tiny policy, and bad input in one line."""

import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli.app import app
from pipeline.cli.exit_codes import exit_code
from tests.finished import SAMPLED, Whole
from tests.trainer.checkpoints import checkpoint
from tests.trainer.policies import went_on_from, write_adapter
from trainer.answering.choices import ChoiceForm

pytestmark = pytest.mark.slow(30)

Run = Callable[..., tuple[int, str, str]]
QUICK = ("--set", "max_new_tokens=3", "--device", "cpu")


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An adapter on a tiny Video-LLM."""
    return write_adapter("qwen2_5_vl", tmp_path_factory.mktemp("policy"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """The program in this process: (exit code, stdout, stderr)."""

    def program(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = exit_code(app, [str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return program


def parts(report: dict[str, Any], metric: str) -> dict[str, dict[str, Any]]:
    """The lines of a metric, by part."""
    return {line["part"]: line for line in report["lines"] if line["metric"] == metric}


def test_a_report_covers_the_whole_set(run: Run, whole: Whole, policy: Path, tmp_path: Path) -> None:
    """Every pair is counted, base and policy stand side by side, and the file holds what is printed."""
    out = tmp_path / "report.json"
    code, printed, _ = run(
        "evaluate", "--policy", policy, "--data", whole.path, "--split", "all", "--json", "--out", out, *QUICK
    )
    assert code == 0
    report = json.loads(printed)
    assert report == json.loads(out.read_text())
    pairs = [pair for video in whole.finalised.videos for pair in video.pairs()]
    groups = {pair.group_id for pair in pairs}
    assert (report["pairs"], report["groups"], report["videos"]) == (
        len(pairs),
        len(groups),
        len(whole.finalised.videos),
    )
    assert report["base"] == str(checkpoint("qwen2_5_vl"))
    assert report["num_frames"] == SAMPLED
    preference = parts(report, "preference")["all"]
    assert preference["count"] == len(pairs)
    assert math.isclose(
        preference["gain"]["value"], preference["policy"]["value"] - preference["base"]["value"], abs_tol=2e-4
    )
    assert set(parts(report, "choice")) == {form.value for form in ChoiceForm}
    assert {answer["group_id"] for answer in report["answers"]} == groups
    assert "lmms_eval --model qwen2_5_vl" in report["lmms_eval"]


def test_the_same_command_gives_the_same_report(run: Run, whole: Whole, policy: Path) -> None:
    """On one machine, to the last digit; --limit takes whole groups, and as few as were wanted."""
    command = ("evaluate", "--policy", policy, "--data", whole.path, "--split", "all", "--json", "--limit", 3, *QUICK)
    first, second = (json.loads(run(*command)[1]) for _ in range(2))
    assert first == second
    assert first["groups"] == 3


def test_the_tables_say_what_was_measured(run: Run, whole: Whole, policy: Path) -> None:
    """In words, with the benchmark command, which no terminal width breaks."""
    code, printed, _ = run("evaluate", "--policy", policy, "--data", whole.path, "--split", "all", "--limit", 2, *QUICK)
    assert code == 0
    for words in ("chosen over rejected", "of valid form", "multiple choice", "float32 on cpu"):
        assert words in printed
    assert "\nAutoProcessor.from_pretrained(" in printed


def test_what_a_training_went_on_from_is_compared_too(run: Run, whole: Whole, policy: Path, tmp_path: Path) -> None:
    """Its share stands beside those of base and policy, and the gain over it is policy minus start; each model writes
    something else. If the folder is gone, a line says so.
    """
    start = write_adapter("qwen2_5_vl", tmp_path / "start", seed=1)
    went_on = went_on_from(start, Path(shutil.copytree(policy, tmp_path / "policy")))
    command = ("evaluate", "--policy", went_on, "--data", whole.path, "--split", "all", "--limit", 2, "--json", *QUICK)
    report = json.loads(run(*command)[1])
    assert report["start"] == str(start)
    line = parts(report, "preference")["all"]
    gain = line["policy"]["value"] - line["start"]["value"]
    assert math.isclose(line["gain_over_start"]["value"], gain, abs_tol=2e-4)
    assert len({answer[name] for answer in report["answers"] for name in ("base", "start", "policy")}) >= 3
    assert "merge_and_unload" in report["lmms_eval"]
    shutil.rmtree(start)
    code, printed, errors = run(*command)
    assert (code, json.loads(printed)["start"]) == (0, None)
    assert f"{start}, the adapter that {went_on} went on from, is not there" in errors


def test_writing_and_choosing_can_be_left_out(run: Run, whole: Whole, policy: Path) -> None:
    """A limit of 0 asks for no answers and no choices."""
    none = ("--set", "generate_groups=0", "--set", "choice_groups=0")
    command = ("evaluate", "--policy", policy, "--data", whole.path, "--split", "all", "--limit", 2, "--json", *none)
    report = json.loads(run(*command)[1])
    assert {line["metric"] for line in report["lines"]} == {"preference", "ranked_first"}
    assert report["answers"] == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"--policy": "/nowhere"}, "no model at '/nowhere'"),
        ({"--data": "nowhere"}, "nowhere is not a finished set"),
        ({"--split": "test"}, "nothing to evaluate in --split test"),
        ({"--device": "cuda:99"}, "--device cuda:99 does not exist"),
        ({"--set": "max_tokens=3"}, "unknown key max_tokens: did you mean max_new_tokens?"),
        ({"--set": "seed=-1"}, "--set seed: "),
        ({"--base": "/nowhere"}, "no model at '/nowhere'"),
    ],
    ids=lambda change: next(iter(change)) if isinstance(change, dict) else "",
)
def test_bad_input_is_one_line_and_exit_2(
    run: Run, whole: Whole, policy: Path, change: dict[str, str], named: str
) -> None:
    """The line names what was given, and there is no traceback."""
    options = {"--policy": str(policy), "--data": str(whole.path), "--split": "all", "--limit": "1"} | change
    code, _, errors = run("evaluate", *(word for option in options.items() for word in option))
    last = errors.strip().splitlines()[-1]
    assert code == 2
    assert last.startswith("vidpref: ")
    assert named in last


def test_a_report_that_cannot_be_written_is_one_line(run: Run, whole: Whole, policy: Path, tmp_path: Path) -> None:
    """A file stands where its folder should be, or a folder where it should be: nothing is evaluated first."""
    (tmp_path / "file").write_text("")
    for out, named in ((tmp_path / "file" / "report.json", "cannot be written"), (tmp_path, "is a folder")):
        command = ("evaluate", "--policy", policy, "--data", whole.path, "--split", "all", "--limit", 1, "--out", out)
        code, printed, errors = run(*command, *QUICK)
        assert (code, printed) == (2, "")
        assert f"--out {out} {named}" in errors
