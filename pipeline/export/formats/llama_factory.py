"""LLaMA-Factory: pairs in the sharegpt format, and the file that tells it of them."""

import json
import shlex
from collections.abc import Iterator
from pathlib import Path

from pipeline.export.format import Finished
from pipeline.export.formats.shown_as_video import ShownAsVideo, refuse_marks
from pipeline.export.question import ExportQuestion, Medium
from pipeline.export.row import ExportRow
from pipeline.export.token_bound import length_limit
from pipeline.export.two_a_second import ANY_RATE, MOST_PIXELS


class LlamaFactory(ShownAsVideo):
    """JSON Lines of each split, which dataset_info.json calls `vidpref_train` and so on."""

    name = "llama-factory"
    consumer = "LLaMA-Factory"

    def rows(self, question: ExportQuestion) -> Iterator[ExportRow]:
        """One row for each pair."""
        refuse_marks(question.pairs)
        for pair in question.pairs:
            values = {
                "conversations": [{"from": "human", "value": self.marked(question.visual, pair.question)}],
                "chosen": {"from": "gpt", "value": pair.chosen},
                "rejected": {"from": "gpt", "value": pair.rejected},
                self.column: self.files(question.visual),
                "pair_id": pair.pair_id,
                "group_id": pair.group_id,
            }
            yield self.pair_row(question, pair, values)

    def finish(self, folder: Path, finished: Finished) -> None:
        """Write dataset_info.json."""
        columns = {"messages": "conversations", "chosen": "chosen", "rejected": "rejected", self.column: self.column}
        entry = {"formatting": "sharegpt", "ranking": True, "columns": columns}
        told = {f"vidpref_{split.value}": {"file_name": f"{split.value}.jsonl", **entry} for split in finished.rows}
        (folder / "dataset_info.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")

    def command(self, finished: Finished) -> str:
        """LLaMA-Factory's own command; frames keep their size, which it would else cut to 256 x 256 pixels."""
        every_frame = f"--video_fps {ANY_RATE} --video_maxlen {ANY_RATE} " if self.medium is Medium.VIDEO else ""
        return (
            "llamafactory-cli train --stage dpo --do_train --model_name_or_path Qwen/Qwen2.5-VL-7B-Instruct "
            f"--template qwen2_vl --finetuning_type lora --dataset vidpref_{finished.trained} "
            f"--dataset_dir {shlex.quote(str(self.out))} --{self.column.removesuffix('s')}_max_pixels {MOST_PIXELS} "
            f"{every_frame}--cutoff_len {length_limit(finished.longest_tokens)} --output_dir policy"
        )
