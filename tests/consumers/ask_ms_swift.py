"""Runs as `swift`: does what `swift rlhf ...` does before its first step, and writes what came of each row.

It reads from the environment: MODELS, the folder of each kind of model that stands for the command's own, as JSON;
ANSWER, the file to write.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import torch
from swift.arguments import RLHFArguments
from swift.dataset import load_dataset
from swift.rewards import orms
from swift.rl_core.data import GRPOSample
from swift.rl_core.grpo_algorithm import compute_rewards_per_func
from swift.utils import parse_args


def main(words: list[str]) -> None:
    """A row that cannot be read, or that is too long, raises; ms-swift itself would take another row instead."""
    answers = {kind: _encoded(words, kind, folder) for kind, folder in json.loads(os.environ["MODELS"]).items()}
    Path(os.environ["ANSWER"]).write_text(json.dumps(answers))


def _encoded(words: list[str], kind: str, folder: str) -> list[dict[str, Any]]:
    given = list(words)
    given[given.index("--model") + 1] = folder
    arguments, rest = parse_args(RLHFArguments, [*given, "--model_type", kind, "--template", kind, "--strict", "true"])
    assert rest == [], rest
    rows, _ = load_dataset(arguments.dataset, **arguments.get_dataset_kwargs())
    _, processor = arguments.get_model_processor(load_model=False)
    template = arguments.get_template(processor)
    if arguments.rlhf_type == "grpo":
        template.set_mode("transformers")  # as the prompts of a rollout
        rewards = [orms[name](args=arguments) for name in arguments.reward_funcs]
        return [_rewarded(dict(row), template, rewards) for row in rows]
    template.set_mode("rlhf")
    return [_seen(template.encode(dict(row), return_length=True), processor.tokenizer) for row in rows]


def _rewarded(row: dict[str, Any], template: Any, rewards: list[Any]) -> dict[str, Any]:
    """The prompt, and the rewards of the right answer and of none, computed as in a training."""
    right = json.loads(row["solution"])["answer"]
    given = [{**row, "messages": [*row["messages"], _assistant(said)]} for said in (str(right), "I do not know.")]
    samples = [GRPOSample.from_row(one) for one in given]
    [[best], [worst]] = compute_rewards_per_func(samples, rewards, None, device=torch.device("cpu")).tolist()
    encoded = template.encode(row)
    return {"tokens": len(encoded["input_ids"]), "solution": row["solution"], "right": best, "none": worst}


def _assistant(said: str) -> dict[str, str]:
    return {"role": "assistant", "content": f"<answer>{said}</answer>"}


def _seen(encoded: dict[str, Any], tokenizer: Any) -> dict[str, Any]:
    return {side: _side(encoded, f"{side}_", tokenizer) for side in ("chosen", "rejected")}


def _side(encoded: dict[str, Any], side: str, tokenizer: Any) -> dict[str, Any]:
    media = "video" if f"{side}video_grid_thw" in encoded else "image"
    pixels = encoded[f"{side}pixel_values{'_videos' if media == 'video' else ''}"]
    return {
        "tokens": len(encoded[f"{side}input_ids"]),
        "text": tokenizer.decode(encoded[f"{side}input_ids"]).replace(f"<|{media}_pad|>", ""),
        "answer": tokenizer.decode([token for token in encoded[f"{side}labels"] if token >= 0]),
        "grids": encoded[f"{side}{media}_grid_thw"].tolist(),
        "seconds_per_grid": encoded.get(f"{side}second_per_grid_ts"),
        "brightness": float(pixels.double().mean()),
    }


if __name__ == "__main__":
    assert sys.argv[1] == "rlhf"
    main(sys.argv[2:])
