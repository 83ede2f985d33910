"""TRL's own DPOTrainer on the frames as images: its collator, its model calls, its loss, one training step."""

import importlib.util
import tempfile
import warnings
from typing import Any

import numpy as np
import transformers as hf
from peft import LoraConfig

from tests.benchmarks.gpu_meter import Line, Meter
from tests.benchmarks.train_counts import counted
from tests.benchmarks.train_model import Shape, family_of
from tests.trainer.checkpoints import QWEN_TOKENS, byte_tokenizer
from trainer.recipe import AdapterConfig


def is_installed() -> bool:
    """Whether TRL's trainer can be measured itself."""
    return importlib.util.find_spec("trl") is not None


def trl_pair(meter: Meter, model: Any, shape: Shape) -> Line:
    """One pair through TRL. It takes the model without its adapter and changes it: call this last.

    Loading and resizing of images are left out of the time, which is in its favour.
    """
    from datasets import Dataset
    from trl import DPOConfig, DPOTrainer

    processor = _processor(shape)
    base = model.unload()
    _tell_tokens(base.config, processor.tokenizer)
    defaults = AdapterConfig()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        arguments = DPOConfig(
            output_dir=folder,
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
            train_dataset=Dataset.from_list([_row(shape, processor.tokenizer)] * 2),
            processing_class=processor,
            peft_config=lora,
        )
        batch = next(iter(trainer.get_train_dataloader()))

        def step() -> None:
            # the step puts the batch on the device, and may take things out of it
            trainer.training_step(trainer.model, dict(batch))
            trainer.model.zero_grad(set_to_none=True)

        trainer.model.train()
        with counted(trainer.model) as passes:
            step()
        line = meter.timed(step, is_warm=True)
    return {**line, "rows_per_second": 1 / line["seconds"], "tokens": passes[0].as_json()}


def _processor(shape: Shape) -> Any:
    """A byte tokenizer and Qwen's image processor, which keeps the frames' size."""
    size = {"shortest_edge": 28 * 28, "longest_edge": 28 * 28 * 4 * max(64, shape.patches)}
    return hf.Qwen2_5_VLProcessor(
        image_processor=hf.Qwen2VLImageProcessor(size=size),
        tokenizer=byte_tokenizer(QWEN_TOKENS, "<|vision_start|>", "<|vision_end|>"),
        video_processor=hf.Qwen2VLVideoProcessor(size=size),
    )


def _tell_tokens(config: Any, tokenizer: Any) -> None:
    """The model looks for the tokenizer's visual tokens; its vocabulary is larger."""
    config.image_token_id = tokenizer.convert_tokens_to_ids("<|image_pad|>")
    config.video_token_id = tokenizer.convert_tokens_to_ids("<|video_pad|>")
    config.vision_start_token_id = tokenizer.convert_tokens_to_ids("<|vision_start|>")
    config.vision_end_token_id = tokenizer.convert_tokens_to_ids("<|vision_end|>")


def _row(shape: Shape, tokenizer: Any) -> dict[str, Any]:
    """Prompt, answers and frames, with about as many tokens as the others have."""
    from PIL import Image

    height, width = (14 * patches for patches in shape.side_patches)
    rng = np.random.default_rng(0)
    frames = [Image.fromarray(rng.integers(0, 256, (height, width, 3), dtype=np.uint8)) for _ in range(shape.frames)]
    pictures = "<|vision_start|><|image_pad|><|vision_end|>" * shape.frames
    return {
        "prompt": pictures + _text(tokenizer, shape.text_tokens - 2, "question"),
        "chosen": _text(tokenizer, shape.answer_tokens - 1, "left") + "<|im_end|>",
        "rejected": _text(tokenizer, shape.answer_tokens - 1, "right") + "<|im_end|>",
        "images": frames,
    }


def _text(tokenizer: Any, tokens: int, word: str) -> str:
    """Words until there are at least so many tokens."""
    text = word
    while len(tokenizer(text)["input_ids"]) < tokens:
        text += f" {word}"
    return text
