"""TRL's own DPOTrainer on the frames as images: its collator, its model calls, its loss. Only where trl is."""

import math
import statistics
import tempfile
import warnings
from typing import Any

import numpy as np
from datasets import Dataset
from peft import LoraConfig
from PIL import Image
from transformers import TrainerCallback
from trl import DPOConfig, DPOTrainer

from tests.benchmarks.gpu_meter import Line, Meter
from tests.benchmarks.train_counts import counted
from tests.benchmarks.train_model import Shape, family_of
from trainer.policy.tiny_model import TinyShape, qwen2_5_vl, qwen_ids
from trainer.recipe import AdapterConfig

WORDS = ("question", "left", "right")
"""What prompt and answers are made of."""


def trl_pair(meter: Meter, model: Any, shape: Shape) -> Line:
    """One pair through TRL. It takes the model without its adapter and changes it: call this last.

    Loading and resizing of images are left out of the time, which is in its favour.
    """
    _, processor = qwen2_5_vl(WORDS, TinyShape(frame_tokens=math.prod(shape.side_patches)))
    base = model.unload()
    for name, token in qwen_ids(processor.tokenizer).items():  # the model's vocabulary is the larger one
        setattr(base.config, name, token)
    defaults, clock = AdapterConfig(), _Clock(meter)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        arguments = DPOConfig(
            output_dir=folder,
            max_steps=1 + meter.most,
            save_strategy="no",
            disable_tqdm=True,
            per_device_train_batch_size=1,
            max_length=None,
            bf16=True,
            use_cpu=not meter.is_gpu,
            gradient_checkpointing=True,
            gradient_checkpointing_kwargs={"use_reentrant": False},
            report_to=[],
            dataloader_pin_memory=False,
            remove_unused_columns=False,
        )
        lora = LoraConfig(
            r=defaults.rank,
            lora_alpha=defaults.alpha,
            target_modules=family_of(shape).lora_targets,
            task_type="CAUSAL_LM",
        )
        trainer = DPOTrainer(
            model=base,
            args=arguments,
            train_dataset=Dataset.from_list([_row(shape, processor.tokenizer)] * (1 + meter.most)),
            processing_class=processor,
            peft_config=lora,
            callbacks=[clock],
        )
        with counted(trainer.model) as passes:
            trainer.train()
    first, *others = clock.seconds
    steps = len(clock.seconds)
    return {
        "seconds": statistics.median(others),
        "first_seconds": first,
        "runs": len(others),
        "peak_gib": meter.peak_gib,
        "rows_per_second": 1 / statistics.median(others),
        "tokens": {name: total / steps for name, total in passes[0].as_json().items()},
    }


class _Clock(TrainerCallback):
    """Seconds of forward and backward of each step: from when its batch is there until its gradients are."""

    def __init__(self, meter: Meter) -> None:
        self._meter, self._began, self.seconds = meter, 0.0, list[float]()

    def on_step_begin(self, *_: Any, **__: Any) -> None:
        self._began = self._meter.now()

    def on_pre_optimizer_step(self, *_: Any, **__: Any) -> None:
        self.seconds.append(self._meter.now() - self._began)


def _row(shape: Shape, tokenizer: Any) -> dict[str, Any]:
    """Prompt, answers and frames, with about as many tokens as the others have."""
    height, width = (14 * patches for patches in shape.side_patches)
    rng = np.random.default_rng(0)
    frames = [Image.fromarray(rng.integers(0, 256, (height, width, 3), dtype=np.uint8)) for _ in range(shape.frames)]
    pictures = "<|vision_start|><|image_pad|><|vision_end|>" * shape.frames
    return {
        "prompt": pictures + _text(tokenizer, shape.text_tokens - 2, WORDS[0]),
        "chosen": _text(tokenizer, shape.answer_tokens - 1, WORDS[1]) + "<|im_end|>",
        "rejected": _text(tokenizer, shape.answer_tokens - 1, WORDS[2]) + "<|im_end|>",
        "images": frames,
    }


def _text(tokenizer: Any, tokens: int, word: str) -> str:
    """Words until there are at least this many tokens."""
    text = word
    while len(tokenizer(text)["input_ids"]) < tokens:
        text += f" {word}"
    return text
