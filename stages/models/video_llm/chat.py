"""The base of all families: processor, template and loading. Axes: N frame, C channel, P prompt token."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import torch
import transformers
from torch import Tensor, nn
from transformers import AutoModelForImageTextToText, PreTrainedConfig, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutputWithPooling
from transformers.video_utils import VideoMetadata

from schemas.errors import EncodingError
from schemas.problems import one_line
from stages.models.video_llm import transcript
from stages.models.video_llm.attention import SPLIT_ATTENTION
from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.family import FrameTimes, TimePositions, VisionFeatures
from stages.models.video_llm.provenance import checkpoint_digest
from stages.visuals.visual import Visual


@dataclass(frozen=True)
class ChatFamily:
    """A family described by transformers' processor and chat template; subclasses define what differs."""

    path: str
    processor: Any
    """A ProcessorMixin; its class declares its tokenizer and video processor."""
    config: PreTrainedConfig

    frame_times: ClassVar[FrameTimes] = FrameTimes.NONE
    default_frames: ClassVar[int | None] = None
    visual_token: ClassVar[str] = "video_token"  # noqa: S105 (an attribute of processors, no secret)
    """Attribute of the processor that holds the placeholder of the visual."""
    encoder_key: ClassVar[str] = "video"
    """The key under which the forward takes features; other keys are silently ignored."""
    lora_targets: ClassVar[str] = r"(.*\.)?language_model\.layers\.\d+\.(self_attn|mlp)\.\w+_proj"

    @property
    def name(self) -> str:
        """The architecture, by transformers' name."""
        return str(self.config.model_type)

    @cached_property
    def unshared_because(self) -> str | None:
        """Why answers cannot share a prompt: layers without full attention carry state that no mask can split."""
        kinds = set(getattr(self.config.get_text_config(), "layer_types", None) or ())
        others = sorted(kinds - {"full_attention"})
        return f"its language model has layers of {', '.join(others)}" if others else None

    @cached_property
    def identity(self) -> str:
        """SHA-256 of checkpoint, processor and transformers version."""
        parts = (checkpoint_digest(self.path, self.config), self._processor_digest, transformers.__version__)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @cached_property
    def _processor_digest(self) -> str:
        parts = json.dumps(self.processor.to_dict(), sort_keys=True, default=str) + str(self.processor.chat_template)
        return hashlib.sha256(parts.encode()).hexdigest()

    def load(self, *, dtype: torch.dtype, device: torch.device | str = "cpu", **options: Any) -> PreTrainedModel:
        """The model in evaluation mode, with `split_attention` in its language model.

        Weights are read straight into the device's memory: several processes of a machine would otherwise each hold
        all of them in the host's memory first.
        """
        if torch.device(device).type != "cpu":
            options = {"device_map": {"": device}, **options}
        attention = {"text_config": SPLIT_ATTENTION, "vision_config": "sdpa"}
        model: PreTrainedModel = AutoModelForImageTextToText.from_pretrained(
            self.path, dtype=dtype, attn_implementation=attention, **options
        )
        self.prepare(model)
        return model

    def prepare(self, model: PreTrainedModel) -> None:
        """Change a loaded model; by default nothing."""

    def prompt(self, question: str) -> str:
        """The chat template up to where the answer begins."""
        return transcript.prompt_text(self.processor, question)

    def encode(self, visual: Visual, question: str, answers: Sequence[str]) -> EncodedGroup:
        """Encode visual and prompt with the processor, and each answer with the chat template."""
        answer_ids = tuple(torch.tensor(transcript.answer_ids(self.processor, question, text)) for text in answers)
        return self._encoded(self.process(visual, self.prompt(question)), answer_ids)

    def encode_dialogue(self, visual: Visual | None, said: Sequence[str], max_new_tokens: int) -> EncodedGroup:
        """Encode visual and dialogue; the room for the next answer is filled with EOS."""
        text = transcript.dialogue_text(self.processor, said, shows=visual is not None)
        room_T = torch.full((max_new_tokens,), self.processor.tokenizer.eos_token_id)
        return self._encoded(self._text_alone(text) if visual is None else self.process(visual, text), (room_T,))

    def _text_alone(self, text: str) -> dict[str, Tensor]:
        """As `process`, of a text without a placeholder."""
        special = transcript.needs_special_tokens(self.processor.tokenizer, text)
        ids = self.processor.tokenizer(text, add_special_tokens=special, return_tensors="pt")["input_ids"]
        return {"input_ids": ids, "mm_token_type_ids": torch.zeros_like(ids)}

    def _encoded(self, inputs: dict[str, Tensor], answer_ids: tuple[Tensor, ...]) -> EncodedGroup:
        prompt_ids_P = inputs.pop("input_ids")[0]
        types = inputs.pop("mm_token_type_ids", None)
        inputs.pop("attention_mask", None)
        group = EncodedGroup(prompt_ids_P, answer_ids, inputs, None if types is None else types[0])
        self._check(group)
        return group

    def touched(self, question: str, answer: str, spans: Sequence[tuple[int, int]]) -> list[bool]:
        """For each token of an answer whether it holds a character of these stretches of it."""
        return transcript.touched(self.processor, question, answer, spans)

    def process(self, visual: Visual, text: str) -> dict[str, Tensor]:
        """The processor's output for one video and one text with its placeholder.

        All frames are used: some processors would sample again by default. EncodingError if the processor refuses the
        frames, as some do with stripes.
        """
        video_NCHW = torch.from_numpy(visual.frames_NHWC).permute(0, 3, 1, 2)
        try:
            batch = self.processor(
                text=[text],
                videos=[video_NCHW],
                video_metadata=[self.metadata(visual)],
                do_sample_frames=False,
                add_special_tokens=transcript.needs_special_tokens(self.processor.tokenizer, text),
                input_data_format="channels_first",
                return_tensors="pt",
            )
        except ValueError as error:
            count, height, width, _ = visual.frames_NHWC.shape
            why = one_line(error)
            raise EncodingError(f"{self.name} refuses {count} frames of {width} x {height} pixels: {why}") from error
        return {name: torch.as_tensor(value) for name, value in batch.items() if name != "video_metadata"}

    def metadata(self, visual: Visual) -> VideoMetadata:
        """The frames' times in the form that the processor expects."""
        size = {"height": visual.frames_NHWC.shape[1], "width": visual.frames_NHWC.shape[2]}
        return VideoMetadata(total_num_frames=visual.count, frames_indices=list(range(visual.count)), fps=1.0, **size)

    def _check(self, group: EncodedGroup) -> None:
        """Raise EncodingError unless the prompt holds one BOS at most and every visual token, and the whole fits."""
        if transcript.leading_bos(self.processor.tokenizer, group.prompt_ids_P[:2].tolist()) > 1:
            raise EncodingError("the processor writes a second BOS before the prompt; it may write one")
        held = int((group.prompt_ids_P == self._placeholder).sum())
        wanted = self.visual_tokens(group.vision) if group.vision else 0
        if held != wanted:
            raise EncodingError(f"the prompt holds {held} of {wanted} visual tokens; lift the tokenizer's truncation")
        longest, limit = group.prompt_length + max(group.answer_lengths), self.token_limit
        if longest > limit:
            raise EncodingError(
                f"prompt and answer are {longest} tokens, {self.name} at {self.path} allows {limit}; "
                "try fewer frames or a smaller picture"
            )

    @property
    def _placeholder(self) -> int:
        return int(self.processor.tokenizer.convert_tokens_to_ids(getattr(self.processor, self.visual_token)))

    def visual_end(self, encoded: EncodedGroup) -> int:
        """One more than the place of the last placeholder; 0 if there is none."""
        places = (encoded.prompt_ids_P == self._placeholder).nonzero()
        return int(places[-1]) + 1 if len(places) else 0

    @property
    def token_limit(self) -> int:
        """Most tokens of prompt and answer: the number of positions of the language model, stretched or not."""
        text = self.config.get_text_config()
        rope = getattr(text, "rope_parameters", None) or {}
        stretch = rope.get("factor", 1.0) if rope.get("rope_type") in ("linear", "dynamic") else 1.0
        return int(text.max_position_embeddings * stretch)

    def visual_tokens(self, vision: Mapping[str, Tensor]) -> int:
        """Number of visual tokens that the tower makes of `vision`."""
        raise NotImplementedError

    def features(self, model: nn.Module, encoded: EncodedGroup) -> VisionFeatures:
        """Run tower and projector once."""
        pixels = on_device(model, encoded, "pixel_values_videos")
        made = bare(model).model.get_video_features(**pixels, return_dict=True)
        return VisionFeatures((made.pooler_output,))

    def encoder_outputs(self, features: VisionFeatures) -> dict[str, Any]:
        """The features as the forward's `mm_encoder_outputs`."""
        return {self.encoder_key: BaseModelOutputWithPooling(pooler_output=features.pooled[0])}

    def positions(self, model: nn.Module, encoded: EncodedGroup, answer_ids_T: Tensor) -> Tensor:  # noqa: ARG002 others ask it
        """0, 1, 2, ...: (1, L)."""
        return torch.arange(encoded.prompt_length + len(answer_ids_T), device=answer_ids_T.device)[None]

    def time_positions(self, model: nn.Module, encoded: EncodedGroup) -> TimePositions | None:  # noqa: ARG002 others ask it
        """Null: positions count tokens, not time."""
        return None


def bare(model: nn.Module) -> Any:
    """The transformers model inside distributed wrappers and adapters."""
    inner: Any = model
    while hasattr(inner, "module"):
        inner = inner.module
    return inner.get_base_model() if hasattr(inner, "get_base_model") else inner


def on_device(model: nn.Module, encoded: EncodedGroup, *names: str) -> dict[str, Tensor]:
    """These tensors of the visual, on the device of the model."""
    device = next(model.parameters()).device
    return {name: encoded.vision[name].to(device) for name in names}
