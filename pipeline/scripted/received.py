"""A request as the scripted server reads it."""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from pydantic import BaseModel, Field, JsonValue, ValidationError

from schemas.problems import first_problem

_TOKENS_PER_PICTURE = 256
_CHARACTERS_PER_TOKEN = 4


class BadRequest(Exception):  # noqa: N818 it is what the status is called
    """The server answers with status 400 and this message."""


class _Schema(BaseModel):
    name: str
    body: dict[str, JsonValue] = Field(alias="schema")


class _Format(BaseModel):
    type: str
    json_schema: _Schema | None = None


class _Url(BaseModel):
    url: str


class _Part(BaseModel):
    type: str
    text: str = ""
    image_url: _Url | None = None
    video_url: _Url | None = None


class _Message(BaseModel):
    role: str
    content: str | list[_Part] | None = None


class _VideoSettings(BaseModel):
    fps: float = 1.0
    frames_indices: list[int] = Field(default_factory=list)


class _MediaSettings(BaseModel):
    video: _VideoSettings = _VideoSettings()


class _Body(BaseModel):
    model: str
    messages: list[_Message] = Field(min_length=1)
    response_format: _Format | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    n: int = Field(default=1, ge=1)
    seed: int | None = None
    logprobs: bool = False
    media_io_kwargs: _MediaSettings = Field(default_factory=_MediaSettings)


@dataclass(frozen=True)
class ReceivedRequest:
    """What a request asks."""

    sha256: str
    """Hash of its bytes: of two tries of one request it is the same."""
    model: str
    frames: tuple[bytes, ...]
    """All pictures, as JPEG, in the order in which they are sent."""
    is_video: bool
    """Whether the pictures are sent as one video."""
    video_seconds: tuple[float, ...]
    """The time of each frame of a video, if the request says it."""
    texts: tuple[str, ...]
    """All texts of the first message of the user, in order."""
    is_repair: bool
    """Whether it follows a reply that could not be used."""
    schema_name: str | None
    schema: Mapping[str, JsonValue] | None
    max_tokens: int | None
    n: int
    seed: int
    wants_logprobs: bool

    @property
    def prompt(self) -> str:
        """The last text: what is asked."""
        return self.texts[-1] if self.texts else ""

    @cached_property
    def item(self) -> str:
        """Names what is asked, whatever was answered before: a repair turn is about the same item."""
        total = hashlib.sha256("\0".join((*self.texts, self.schema_name or "", str(self.seed))).encode())
        for frame in self.frames:
            total.update(hashlib.sha256(frame).digest())
        return total.hexdigest()

    @property
    def prompt_tokens(self) -> int:
        """About how long the prompt is."""
        return _TOKENS_PER_PICTURE * len(self.frames) + tokens_of("".join(self.texts))


def tokens_of(text: str) -> int:
    """About how many tokens a text has; at least one."""
    return max(1, len(text) // _CHARACTERS_PER_TOKEN)


def received(body: bytes) -> ReceivedRequest:
    """Read the body of a request. Raises BadRequest."""
    try:
        asked = _Body.model_validate(json.loads(body))
    except ValidationError as error:
        raise BadRequest(first_problem(error, _Body)) from error
    except ValueError as error:
        raise BadRequest(f"the body is not JSON: {error}") from error
    first = next((message for message in asked.messages if message.role == "user"), asked.messages[0])
    parts = first.content if isinstance(first.content, list) else [_Part(type="text", text=first.content or "")]
    video = asked.media_io_kwargs.video
    schema = asked.response_format.json_schema if asked.response_format else None
    return ReceivedRequest(
        sha256=hashlib.sha256(body).hexdigest(),
        model=asked.model,
        frames=tuple(frame for part in parts for frame in _frames(part)),
        is_video=any(part.type == "video_url" for part in parts),
        video_seconds=tuple(number / video.fps for number in video.frames_indices),
        texts=tuple(part.text for part in parts if part.type == "text"),
        is_repair=any(message.role == "assistant" for message in asked.messages),
        schema_name=schema.name if schema else None,
        schema=schema.body if schema else None,
        max_tokens=asked.max_completion_tokens or asked.max_tokens,
        n=asked.n,
        seed=asked.seed or 0,
        wants_logprobs=asked.logprobs,
    )


def _frames(part: _Part) -> Iterator[bytes]:
    if part.type == "text":
        return
    url = part.image_url or part.video_url
    if url is None or not url.url.startswith(("data:image/jpeg;base64,", "data:video/jpeg;base64,")):
        raise BadRequest(f"a part of type {part.type} must hold JPEG as a data URL")
    try:
        for frame in url.url.partition(",")[2].split(","):
            yield base64.b64decode(frame, validate=True)
    except binascii.Error as error:
        raise BadRequest(f"a picture is not base64: {error}") from error
