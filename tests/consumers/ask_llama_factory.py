"""Runs as `llamafactory-cli`: does what `llamafactory-cli train ...` does before its first step, and writes what came
of each row.

It reads from the environment: MODELS, the folder of each kind of model that stands for the command's own, as JSON;
ANSWER, the file to write.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from llamafactory.data import get_dataset, get_template_and_fix_tokenizer
from llamafactory.hparams import get_train_args
from llamafactory.model import load_tokenizer

_TEMPLATES = {"qwen2_5_vl": "qwen2_vl", "qwen3_vl": "qwen3_vl_nothink"}


def main(words: list[str]) -> None:
    """A row that LLaMA-Factory calls broken is missing in the answer."""
    answers = {kind: _encoded(words, kind, folder) for kind, folder in json.loads(os.environ["MODELS"]).items()}
    Path(os.environ["ANSWER"]).write_text(json.dumps(answers))


def _encoded(words: list[str], kind: str, folder: str) -> list[dict[str, Any]]:
    given = list(words)
    given[given.index("--model_name_or_path") + 1] = folder
    given[given.index("--template") + 1] = _TEMPLATES[kind]
    model, data, training, _, _ = get_train_args(given)
    read = load_tokenizer(model)
    template = get_template_and_fix_tokenizer(read["tokenizer"], data)
    rows = get_dataset(template, model, data, training, stage="rm", **read)["train_dataset"]
    return [_seen(row, template, read) for row in rows]


def _seen(row: dict[str, Any], template: Any, read: dict[str, Any]) -> dict[str, Any]:
    images, videos = row["images"] or [], row["videos"] or []
    ids = [row["chosen_input_ids"]]
    media = template.mm_plugin.get_mm_inputs(
        images, videos, [], [len(images)], [len(videos)], [0], ids, read["processor"]
    )
    kind = "video" if videos else "image"
    times = media.get("second_per_grid_ts")
    shown = {
        "grids": media[f"{kind}_grid_thw"].tolist(),
        "seconds_per_grid": None if times is None else [float(seconds) for seconds in times],
    }
    return {side: _side(row, side, read["tokenizer"]) | shown for side in ("chosen", "rejected")}


def _side(row: dict[str, Any], side: str, tokenizer: Any) -> dict[str, Any]:
    ids = row[f"{side}_input_ids"]
    text = tokenizer.decode(ids).replace("<|video_pad|>", "").replace("<|image_pad|>", "")
    answer = tokenizer.decode([token for token in row[f"{side}_labels"] if token >= 0])
    return {"tokens": len(ids), "text": text, "answer": answer}


if __name__ == "__main__":
    assert sys.argv[1] == "train"
    main(sys.argv[2:])
