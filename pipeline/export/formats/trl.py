"""TRL's DPOTrainer: prompt, chosen and rejected as conversations, and the frames as images."""

import shlex
from collections.abc import Iterator
from pathlib import Path

from pipeline.export.format import ExportFormat, Finished
from pipeline.export.prompt import user_content
from pipeline.export.question import ExportQuestion, Medium
from pipeline.export.row import ExportRow
from pipeline.export.row_sink import JsonLines, RowSink
from pipeline.export.token_bound import length_limit

ADAPTER = "--use_peft --lora_target_modules q_proj k_proj v_proj o_proj --dtype bfloat16"
"""How TRL trains an adapter; of models that are shown images it knows no layers by itself."""


class Trl(ExportFormat):
    """An image folder of `datasets`: `metadata.jsonl` names the images of each row, which load as `images`."""

    name = "trl"
    consumer = "TRL"
    media = (Medium.FRAMES,)
    options = frozenset({"times"})

    @property
    def folder_per_split(self) -> bool:
        """An image folder finds nothing outside of its own split."""
        return True

    def rows(self, question: ExportQuestion) -> Iterator[ExportRow]:
        """One row for each pair."""
        content = user_content(question, times=self.chosen.times)
        for pair in question.pairs:
            values = {
                "images_file_names": image_names(question),
                "prompt": [{"role": "user", "content": content}],
                "chosen": [{"role": "assistant", "content": [{"type": "text", "text": pair.chosen}]}],
                "rejected": [{"role": "assistant", "content": [{"type": "text", "text": pair.rejected}]}],
                "pair_id": pair.pair_id,
                "group_id": pair.group_id,
            }
            yield self.pair_row(question, pair, values)

    def times_said(self) -> str:
        """TRL shows images, which have no times."""
        if self.chosen.times:
            return "TRL shows the frames as images without times; the prompt says the time of each"
        return "TRL shows the frames as images without times: their order remains, --times writes their times down"

    def sink(self, folder: Path) -> RowSink:
        """A folder for each split."""
        return image_folder(folder)

    def command(self, finished: Finished) -> str:
        """TRL's own command."""
        limit = length_limit(finished.longest_tokens)
        return (
            f"trl dpo --model_name_or_path Qwen/Qwen2.5-VL-7B-Instruct --dataset_name {shlex.quote(str(self.out))} "
            f"--dataset_train_split {finished.trained} --max_length {limit} --output_dir policy {ADAPTER}"
        )


def image_folder(folder: Path) -> RowSink:
    """Where `datasets` looks for the rows of an image folder: beside the images of each split."""
    return JsonLines(folder, "{split}/metadata.jsonl")


def image_names(question: ExportQuestion) -> list[str]:
    """The frames of a question, from the folder of its split on; it loads them as the column `images`."""
    return [name.removeprefix(f"{question.split.value}/") for name in question.visual.frames]
