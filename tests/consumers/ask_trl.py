"""Runs as `trl`: one step of what `trl dpo ...` or `trl grpo ...` trains, on the CPU, and what was seen of it.

It reads from the environment: MODELS, the folder of the model that stands for the command's own, as JSON; ANSWER, the
file to write.
"""

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import trl

_LEFT_OUT = {"--use_vllm": 0, "--vllm_mode": 1, "--vllm_max_model_length": 1, "--dtype": 1, "--output_dir": 1}
"""Words of the command that need a GPU, or that are given anew; each with so many values."""
_ADDED = "--max_steps 1 --logging_steps 1 --save_strategy no --report_to none --gradient_checkpointing false"
_ROWS = {
    "dpo": "--per_device_train_batch_size 1",
    "grpo": "--per_device_train_batch_size 2 --num_generations 2 --max_completion_length 8",
}
"""One pair, or two short answers to one question; what is given last counts."""


def main(command: str, words: list[str]) -> None:
    """Run TRL's own script with its own parser; the trainer it makes writes the answer."""
    script = importlib.import_module(f"trl.scripts.{command}")
    trainer = {"dpo": "DPOTrainer", "grpo": "GRPOTrainer"}[command]
    setattr(trl, trainer, _watched(getattr(trl, trainer)))
    script.main(*script.make_parser().parse_args_and_config(_words(command, words), fail_with_unknown_args=True))


def _words(command: str, words: list[str]) -> list[str]:
    given, kept = iter(words), list[str]()
    for word in given:
        if word in _LEFT_OUT:
            for _ in range(_LEFT_OUT[word]):
                next(given)
        else:
            kept.append(word)
    [folder] = json.loads(os.environ["MODELS"]).values()
    kept[kept.index("--model_name_or_path") + 1] = folder
    kept += f"{_ADDED} {_ROWS[command]}".split()
    return [*kept, "--use_cpu", "true", "--dtype", "float32", "--output_dir", str(Path(os.environ["ANSWER"]).parent)]


def _watched(kind: Any) -> Any:
    """The trainer, which also says what it loaded, what it cut, and what its step gave."""

    class Watched(kind):  # type: ignore[misc]  # one of two classes
        def __init__(self, *arguments: Any, **options: Any) -> None:
            self.rewarded: list[Any] = []
            super().__init__(*arguments, **options)

        def train(self, *arguments: Any, **options: Any) -> Any:
            """Train, and write what was seen."""
            trained = super().train(*arguments, **options)
            rows = self.train_dataset
            Path(os.environ["ANSWER"]).write_text(
                json.dumps(
                    {
                        "rows": len(rows),
                        "columns": list(rows.column_names),
                        "limit": getattr(self.args, "max_length", None),
                        "tokens": [self._tokens(row) for row in rows] if hasattr(self.args, "max_length") else [],
                        "steps": self.state.global_step,
                        "log": self.state.log_history,
                        "rewarded": self.rewarded,
                    }
                )
            )
            return trained

        def _tokens(self, row: dict[str, Any]) -> int:
            return int(self.data_collator([row])["attention_mask"].sum(dim=1).max())

        def _calculate_rewards(self, inputs: Any, prompts: Any, completions: Any, ids: Any) -> Any:
            given = super()._calculate_rewards(inputs, prompts, completions, ids)
            for row, said, reward in zip(inputs, completions, given[:, 0].tolist(), strict=True):
                self.rewarded.append([said[0]["content"], row["solution"], reward])
            return given

    return Watched


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
