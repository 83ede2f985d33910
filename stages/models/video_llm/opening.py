"""Opens the family of a checkpoint, or explains in one line why it cannot be opened."""

from pathlib import Path
from typing import Any

from huggingface_hub.errors import StrictDataclassError
from transformers import AutoConfig, AutoProcessor, PreTrainedConfig, ProcessorMixin

from schemas.errors import ModelError
from schemas.problems import one_line
from stages.models.video_llm.chat import ChatFamily
from stages.models.video_llm.family import ModelFamily
from stages.models.video_llm.internvl import InternVL
from stages.models.video_llm.llava import LlavaNextVideo, LlavaOnevision, VideoLlava
from stages.models.video_llm.qwen import Qwen3VL, Qwen25VL

FAMILIES: dict[str, type[ChatFamily]] = {
    "qwen2_5_vl": Qwen25VL,
    "qwen3_vl": Qwen3VL,
    "llava_next_video": LlavaNextVideo,
    "llava_onevision": LlavaOnevision,
    "video_llava": VideoLlava,
    "internvl": InternVL,
}
"""The supported families, by `model_type` of a checkpoint's configuration."""


def open_family(path: str) -> ModelFamily:
    """The family of the checkpoint at `path` (a folder or a hub id), with its processor but without weights.

    Raises:
        ModelError: the model does not exist, sees no video or is not supported, or its processor lacks something.
    """
    config = _config(path)
    make = FAMILIES.get(config.model_type)
    if make is None:
        raise ModelError(f"{path}: {_why_not(config)}; supported are {', '.join(FAMILIES)}")
    return make(path, _processor(path), config)


def names_folder(path: str) -> bool:
    """Whether a path can only be a folder: it is not a hub id ("name" or "owner/name")."""
    return path.startswith(("/", ".", "~")) or path.endswith("/") or path.count("/") > 1


def _config(path: str) -> PreTrainedConfig:
    if names_folder(path) and not Path(path).is_dir():
        raise ModelError(
            f"no model at {path!r}: there is no such folder; give a folder with config.json or the id of a hub model"
        )
    try:
        config: PreTrainedConfig = AutoConfig.from_pretrained(path)
    except StrictDataclassError as error:
        why = one_line(error)
        raise ModelError(f"{path}: config.json contradicts itself: {why}; download it again") from error
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            f"no model at {path!r}: {_first_line(error)}; give a folder with config.json or the id of a hub model"
        ) from error
    return config


def _processor(path: str) -> Any:
    try:
        processor = AutoProcessor.from_pretrained(path)  # type: ignore[no-untyped-call]  # its own
    except (OSError, ValueError, TypeError, ImportError) as error:
        raise ModelError(
            f"{path}: its processor does not load: {_first_line(error)}; copy it beside the weights"
        ) from error
    if not isinstance(processor, ProcessorMixin) or getattr(processor, "video_processor", None) is None:
        raise ModelError(f"{path}: it has no video processor; copy the base model's processor files beside the weights")
    if not processor.chat_template:
        raise ModelError(
            f"{path}: it has no chat template; copy chat_template.jinja of the base model beside the weights"
        )
    if processor.tokenizer.eos_token_id is None:
        raise ModelError(
            f"{path}: its tokenizer has no EOS, so no answer could end; set eos_token in tokenizer_config.json"
        )
    return processor


def _why_not(config: PreTrainedConfig) -> str:
    kinds = set(getattr(config.get_text_config(), "layer_types", None) or ())
    if getattr(config, "vision_config", None) is None:
        return f"{config.model_type} is a text model and sees no video"
    if "linear_attention" in kinds:
        return f"{config.model_type} has linear attention, whose state the answers to one prompt cannot share"
    return f"{config.model_type} is not a supported Video-LLM"


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(". ")
