"""The text for the public benchmarks: right for every family, and its merge gives the policy's own weights."""

import shlex
from pathlib import Path

import pytest

from pipeline.evaluation.lmms_eval import TASKS, benchmark_text, merge_command
from tests.trainer.checkpoints import FAMILIES, checkpoint
from tests.trainer.policies import rows_of, shown, write_adapter
from trainer.answering.evaluate import Task, evaluate_group
from trainer.policy.side_by_side import Placement, Policy, open_side_by_side
from trainer.recipe import Precision


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_a_command_or_a_reason(family: str) -> None:
    """One shell command with the model's name and frames, or a comment where lmms-eval cannot read the family."""
    text = benchmark_text(family, "out dir", None, 8, is_adapter=False)
    command = shlex.split(text.replace("\\\n", ""), comments=True)
    if family == "llava_next_video":
        assert command == []
        assert family in text
        return
    assert command[:4] == ["accelerate", "launch", "-m", "lmms_eval"]
    options = dict(zip(command[4::2], command[5::2], strict=False))
    assert options["--tasks"].split(",") == list(TASKS)
    weights, frames = options["--model_args"].split(",")
    assert weights == "pretrained=out dir"
    assert frames.endswith("=8")


def test_an_adapter_is_merged_first() -> None:
    """What is run reads what the merge has written."""
    text = benchmark_text("qwen2_5_vl", "policy/", "base", 32, is_adapter=True)
    merge, command = text.split("END\naccelerate")
    assert "'policy-merged'" in merge
    assert "pretrained=policy-merged,max_num_frames=32" in command


def test_merged_weights_score_as_the_adapter_does(tmp_path: Path) -> None:
    """The program inside the merge command, run, leaves weights and processor that give the same log-probabilities."""
    adapter = str(write_adapter("qwen2_5_vl", tmp_path / "adapter"))
    text = merge_command(adapter, str(checkpoint("qwen2_5_vl")), str(tmp_path / "merged"))
    program = text.removeprefix("python - <<'END'\n").removesuffix("END\n")
    exec(compile(program, "merge", "exec"), {})  # noqa: S102 the text that is printed
    placement, group = Placement("cpu", Precision.FLOAT32), shown(rows_of())
    expected = evaluate_group(open_side_by_side(Policy.at(adapter), placement), group, Task())[-1]
    merged = evaluate_group(open_side_by_side(Policy.at(str(tmp_path / "merged")), placement), group, Task())[-1]
    assert merged.logprobs == pytest.approx(expected.logprobs, abs=1e-3)
