"""What a finished training tells beside its policy: evaluation shows as many frames, holds out the same videos, and
sets the policy beside the model that it came from.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from schemas.errors import ModelError
from schemas.problems import one_line
from stages.models.video_llm.score import ScorePath
from trainer.atomic_file import write_whole
from trainer.recipe import TrainRecipe

POLICY_FILE = "policy.json"
"""Written last: the training is finished."""


@dataclass(frozen=True)
class TrainSummary:
    """What a finished training comes to."""

    steps: int
    resumed_at: int
    """The step that it went on from; 0 for a fresh start."""
    loss: float | None
    """Mean over the steps of this process's life; null where it did none."""
    path: ScorePath
    """How answers shared their prompt."""


@dataclass(frozen=True)
class Trained:
    """How a policy came to be."""

    recipe: TrainRecipe
    model: str
    """What it started from: folder or hub id."""
    num_frames: int
    """Of a clip, as it was shown."""


def trained_of(policy: str) -> Trained | None:
    """How the policy in this folder came to be; None where no training tells of it.

    ModelError where what is told cannot be read.
    """
    file = Path(policy) / POLICY_FILE
    if not file.is_file():
        return None
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        return Trained(TrainRecipe.model_validate(told["recipe"]), str(told["model"]), int(told["num_frames"]))
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        said = one_line(error)[:120]
        raise ModelError(f"--policy {policy}: {POLICY_FILE} cannot be read ({said}); train it again") from error


def note_finished(out: Path, told: dict[str, Any], summary: TrainSummary) -> None:
    """Write what a training tells of its policy, and with it that it has ended."""
    write_whole(out / POLICY_FILE, json.dumps({**told, **asdict(summary)}, indent=1).encode())


def write_card(out: Path, told: dict[str, Any]) -> None:
    """README.md of a policy, in place of the empty form that libraries leave."""
    is_adapter = told["kind"] == "adapter"
    loads = f'PeftModel.from_pretrained(base, "{out.name}")' if is_adapter else "base"
    start = told["model"] if is_adapter else out.name
    library = "peft" if is_adapter else "transformers"
    importing = "from peft import PeftModel\n" if is_adapter else ""
    text = f"""---
library_name: {library}
base_model: {told["model"]}
tags: [video, preference, vidpref]
---

# {out.name}

{told["kind"].capitalize()} by vidpref's recipe `{told["recipe_name"]}` on the set with the fingerprint
`{told["data_fingerprint"]}`, from `{told["model"]}`. It was shown {told["num_frames"]} frames of a clip.
`policy.json` holds the whole recipe, `metrics.jsonl` how the training went.

```python
{importing}from transformers import AutoModelForImageTextToText, AutoProcessor

base = AutoModelForImageTextToText.from_pretrained("{start}", dtype="auto")
policy = {loads}
processor = AutoProcessor.from_pretrained("{out.name}")
```
"""
    write_whole(out / "README.md", text.encode())


def finished(out: Path) -> TrainSummary:
    """What a training that has ended came to."""
    told = json.loads((out / POLICY_FILE).read_text(encoding="utf-8"))
    return TrainSummary(told["steps"], told["resumed_at"], told["loss"], ScorePath(told["path"]))
