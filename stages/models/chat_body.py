"""A request as the bytes that are sent: the frames of a clip are encoded once, and come first.

Walking and dumping 1.3 MB of strings costs four times as much as sending them, so the frames' part is kept as bytes and
joined with each question. It is equal for all requests about the same frames, so prefix and image caches hit.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from schemas.record import Record
from stages.models.chat import ChatFrames, ChatRequest

_TOP_CHOICES = 20
"""Likeliest first tokens that are asked for; no server gives more."""


class FramesAs(StrEnum):
    """How frames are sent."""

    IMAGES = "images"
    """One image each, with its time as text before it; every vision server takes it."""
    VIDEO = "video"
    """One video of JPEG frames with their times (vLLM)."""


class ServerTraits(Record):
    """What a server does for a model, as a probe has found; the least that all servers do by default."""

    json_schema: bool = False
    """Whether it keeps replies to a JSON schema. If not, the prompt says the schema."""
    log_probs: bool = False
    """Whether it tells log-probabilities."""
    completion_limit: bool = False
    """Whether it wants `max_completion_tokens` in place of `max_tokens`."""
    temperature: bool = True
    """Whether the temperature may be said; some reasoning models refuse it."""
    overhead_tokens: int = 64
    """Prompt tokens of a request beyond its text and frames."""
    tokens_per_frame: int = 1500
    """Prompt tokens of a frame with its time, of the frames that the recipe makes."""


@dataclass(frozen=True)
class Dialogue:
    """A request, and what was said after it."""

    request: ChatRequest
    text: str
    """The request's text as it is sent: with the schema in it, if the server does not take one."""
    reply: str = ""
    """The reply that was not usable; empty on the first turn."""
    correction: str = ""
    """What is asked for in its place."""

    @property
    def texts(self) -> tuple[str, ...]:
        """All that is written, but not what the frames say."""
        return tuple(text for text in (self.text, self.reply, self.correction) if text)


def chat_body(dialogue: Dialogue, model: str, traits: ServerTraits, frames_as: FramesAs, *, count: int) -> bytes:
    """The body of `POST /chat/completions` that asks for `count` replies."""
    request = dialogue.request
    frames = frames_part(request.shown, frames_as)
    turns = b""
    if dialogue.correction:
        said = ({"role": "assistant", "content": dialogue.reply}, {"role": "user", "content": dialogue.correction})
        turns = b"".join(b"," + _dump(turn) for turn in said)
    text = _dump({"type": "text", "text": dialogue.text})
    settings = _dump({"model": model, **_settings(request, traits, frames_as, count)})
    return (
        b'{"messages":[{"role":"user","content":[' + frames + text + b"]}" + turns + b"]," + settings.removeprefix(b"{")
    )


def _settings(request: ChatRequest, traits: ServerTraits, frames_as: FramesAs, count: int) -> dict[str, object]:
    limit = "max_completion_tokens" if traits.completion_limit else "max_tokens"
    settings: dict[str, object] = {limit: request.max_tokens, "seed": request.seed}
    if traits.temperature:
        settings["temperature"] = request.temperature
        if request.top_p < 1:
            settings["top_p"] = request.top_p
    if count > 1:
        settings["n"] = count
    if request.choices and traits.log_probs:
        settings |= {"logprobs": True, "top_logprobs": _TOP_CHOICES}
    if request.reply is not None and traits.json_schema:
        schema = {"name": request.reply.name, "schema": request.reply.schema, "strict": True}
        settings["response_format"] = {"type": "json_schema", "json_schema": schema}
    if request.shown.frames and frames_as is FramesAs.VIDEO:
        settings["media_io_kwargs"] = {"video": _video_times(request.shown)}
    return settings


def _video_times(shown: ChatFrames) -> Mapping[str, object]:
    """The frames' times as vLLM wants them: places in a source of a thousand frames a second."""
    indices = [round(1000 * seconds) for seconds in shown.shown_seconds]
    total = max(indices) + 1
    return {
        "num_frames": -1,  # the default keeps the first 32 and drops the rest
        "fps": 1000.0,
        "frames_indices": indices,
        "total_num_frames": total,
        "duration": total / 1000,
    }


@lru_cache(maxsize=32)
def frames_part(shown: ChatFrames, frames_as: FramesAs) -> bytes:
    """The parts of a message that show the frames, each with a comma after it."""
    if not shown.frames:
        return b""
    encoded = [base64.b64encode(frame.jpeg) for frame in shown.frames]
    if frames_as is FramesAs.VIDEO:
        return b'{"type":"video_url","video_url":{"url":"data:video/jpeg;base64,' + b",".join(encoded) + b'"}},'
    return b"".join(
        _dump({"type": "text", "text": f"{seconds:.1f} s"})
        + b',{"type":"image_url","image_url":{"url":"data:image/jpeg;base64,'
        + jpeg
        + b'"}},'
        for seconds, jpeg in zip(shown.shown_seconds, encoded, strict=True)
    )


def _dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
