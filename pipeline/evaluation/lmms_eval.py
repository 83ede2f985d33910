"""The shell text that runs public video benchmarks on a policy with lmms-eval, on a machine that has it."""

import shlex
from dataclasses import dataclass

TASKS = ("videomme", "mvbench", "tempcompass_multi_choice", "nextqa_mc_test", "longvideobench_val_v")


@dataclass(frozen=True)
class _Model:
    """The name of a model family in lmms-eval, and of its argument for the number of frames."""

    name: str
    frames: str


_MODELS = {
    "qwen2_5_vl": _Model("qwen2_5_vl", "max_num_frames"),
    "qwen3_vl": _Model("qwen3_vl", "max_num_frames"),
    "internvl": _Model("internvl_hf", "num_frames"),
    "llava_onevision": _Model("llava_hf", "max_frames_num"),
    "video_llava": _Model("video_llava", "num_frames"),
}
_MERGE = """\
python - <<'END'
from peft import PeftModel
from transformers import AutoModelForImageTextToText, AutoProcessor
base = AutoModelForImageTextToText.from_pretrained({base!r}, dtype="float32")
PeftModel.from_pretrained(base, {policy!r}).merge_and_unload().save_pretrained({merged!r})
AutoProcessor.from_pretrained({base!r}).save_pretrained({merged!r})
END
"""


def merge_command(policy: str, base: str, merged: str) -> str:
    """Shell text that merges an adapter into its base model and writes weights and processor.

    In float32: in the base's own type the weights would lose much of a small update.
    """
    return _MERGE.format(policy=policy, base=base, merged=merged)


def benchmark_text(
    family: str, policy: str, base: str | None, num_frames: int, *, is_adapter: bool, learnt_in_4_bit: bool = False
) -> str:
    """Shell text that merges the adapter, if it is one, and runs the benchmarks; a comment if lmms-eval has no model.

    An adapter trained on a base in 4 bit is merged into the base as published; a comment says so.
    """
    model = _MODELS.get(family)
    if model is None:
        return f"# no public benchmarks: lmms-eval has no model for {family} as transformers writes it"
    weights, lines = policy, ["# public benchmarks, on a machine with lmms-eval (pip install lmms-eval):"]
    if is_adapter and base is not None:
        weights = f"{policy.rstrip('/')}-merged"
        if learnt_in_4_bit:
            lines.append("# trained on weights in 4 bit, merged here into the full weights: scores differ a little")
        lines.append("# merged in float32: a harness that loads weights in bfloat16 loses part of a small update")
        lines.append(merge_command(policy, base, weights).rstrip())
    arguments = shlex.quote(f"pretrained={weights},{model.frames}={num_frames}")
    lines.append(
        f"accelerate launch -m lmms_eval --model {model.name} \\\n"
        f"    --model_args {arguments} \\\n"
        f"    --tasks {','.join(TASKS)} \\\n"
        "    --batch_size 1 --log_samples --output_path lmms-eval/"
    )
    return "\n".join(lines)
