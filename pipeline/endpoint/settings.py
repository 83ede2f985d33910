"""The sections `roles:` and `endpoint:` of a recipe: which model plays which role, and how its server is reached."""

import os
from collections.abc import Mapping
from typing import Self

from pydantic import Field, JsonValue, model_validator

from schemas.record import Record
from stages.models.chat import ModelRole
from stages.models.chat_body import FramesAs

DEFAULT_SERVER = "default"
"""The key of endpoint.servers that a role has if it names none."""


class RoleModel(Record):
    """The model of one role; all but `server` and `checkpoint` may change a row.

    With a `checkpoint` it is opened in the processes of the build, and no server is asked.
    """

    model: str | None = None
    """Its name at the server; null: the one that the server lists, if it lists a single one. Of a checkpoint: the name
    under which rows tell it; null: that of its folder."""
    adapter_sha256: str | None = None
    """Hash of the adapter that the server loads under that name, where there is one: names are used again, hashes are
    not. That of a checkpoint's adapter is found."""
    frames: FramesAs = FramesAs.IMAGES
    """How a server is shown frames: as images, or as one video where the server takes that."""
    server: str = DEFAULT_SERVER
    """Its server: a key of endpoint.servers."""
    checkpoint: str | None = None
    """Folder or hub id of a Video-LLM, or the --out of a training; null: a server has the model."""
    checkpoint_sha256: str | None = None
    """Hash of the checkpoint's weights, configuration and processor, and of transformers' version; it is found."""

    @property
    def in_process(self) -> bool:
        """Whether it is opened in the processes of the build."""
        return self.checkpoint is not None

    @property
    def shown_as(self) -> FramesAs:
        """How it is shown frames: a checkpoint is always shown a video."""
        return FramesAs.VIDEO if self.in_process or self.checkpoint_sha256 else self.frames

    def identity(self) -> dict[str, JsonValue]:
        """All of it that may change a row."""
        elsewhere = {"server", "checkpoint"} | ({"checkpoint_sha256"} if self.checkpoint_sha256 is None else set())
        return self.model_dump(mode="json", exclude=elsewhere)

    @model_validator(mode="after")
    def _has_one_place(self) -> Self:
        if self.in_process and (self.server != DEFAULT_SERVER or self.frames is not FramesAs.IMAGES):
            raise ValueError(
                "a checkpoint is opened by vidpref itself and shown a video: leave out server and frames, or checkpoint"
            )
        return self


class Server(Record):
    """One OpenAI-compatible server: vLLM, SGLang, transformers serve, OpenAI."""

    base_url: str | None = None
    """Its address, such as http://127.0.0.1:8000/v1; null: what the variable `base_url_variable` holds."""
    base_url_variable: str = "OPENAI_BASE_URL"
    """The environment variable that holds its address."""
    key_variable: str = "OPENAI_API_KEY"
    """The environment variable that holds its key; it may be unset for a server that wants none."""
    max_in_flight: int = Field(default=64, ge=1)
    """Most calls under way at a time; fewer while the server is overloaded."""
    requests_per_minute: float | None = Field(default=None, gt=0)
    """Most calls a minute, evenly spaced; null: no limit."""
    tokens_per_minute: float | None = Field(default=None, gt=0)
    """Most tokens a minute, of prompts and replies; null: no limit."""
    timeout_seconds: float = Field(default=300.0, gt=0)
    """Time after which a call without an answer is given up and tried again."""
    price_per_million_prompt_tokens: float = Field(default=0.0, ge=0)
    """Price of a million prompt tokens, in any currency."""
    price_per_million_reply_tokens: float = Field(default=0.0, ge=0)
    """Price of a million tokens of replies, in the same currency."""

    @property
    def address(self) -> str | None:
        """Its address; None if none is given."""
        return self.base_url or os.environ.get(self.base_url_variable) or None

    def money(self, prompt_tokens: float, reply_tokens: float) -> float:
        """What that many tokens cost."""
        prompt, reply = self.price_per_million_prompt_tokens, self.price_per_million_reply_tokens
        return (prompt * prompt_tokens + reply * reply_tokens) / 1e6


class Budget(Record):
    """What all runs into one --out may use together; null: no limit. Reaching a limit ends the run with exit code 3."""

    calls: int | None = Field(default=None, ge=1)
    """Calls sent, failed ones and probes too."""
    tokens: int | None = Field(default=None, ge=1)
    """Tokens of prompts and replies."""
    money: float | None = Field(default=None, gt=0)
    """In the currency of the servers' prices."""

    @property
    def is_set(self) -> bool:
        """Whether there is any limit."""
        return any(limit is not None for limit in (self.calls, self.tokens, self.money))


class Endpoint(Record):
    """The section `endpoint:` of a recipe; none of it can change a row."""

    servers: Mapping[str, Server] = Field(default_factory=lambda: {DEFAULT_SERVER: Server()})
    """The servers, by a name of your choice."""
    budget: Budget = Budget()
    """What may be used."""
    retries: int = Field(default=7, ge=0)
    """How often a call is tried again that failed for reasons of the network or the server."""
    retry_seconds: float = Field(default=0.5, ge=0)
    """Longest wait before the first retry; it doubles with each one, up to 30 s."""
    device: str | None = None
    """Device of the models that are opened in process; null: a GPU if there is one, else the CPU."""
    replies: str | None = None
    """Folder of cached replies, also of another machine's or on a store; null: .work/replies in the --out."""

    @model_validator(mode="after")
    def _can_count_money(self) -> Self:
        prices = [s.price_per_million_prompt_tokens + s.price_per_million_reply_tokens for s in self.servers.values()]
        if self.budget.money is not None and not all(prices):
            raise ValueError("budget.money needs the prices of every server: set price_per_million_prompt_tokens")
        return self


class Roles(Record):
    """The section `roles:` of a recipe: the model of each role that its stages ask."""

    writer: RoleModel = RoleModel()
    """Writes questions."""
    target: RoleModel = RoleModel()
    """Writes preferred answers."""
    corrupter: RoleModel = RoleModel()
    """Writes wrong answers."""
    judge: RoleModel = RoleModel()
    """Sees the frames and judges."""
    blind_judge: RoleModel = RoleModel()
    """Judges without seeing anything."""

    def of(self, role: ModelRole) -> RoleModel:
        """The model of a role."""
        model: RoleModel = getattr(self, role.value)
        return model

    def named(self, names: Mapping[ModelRole, str]) -> Self:
        """The same with the names of models that the recipe does not name."""
        found = {r.value: self.of(r).model_copy(update={"model": name}) for r, name in names.items()}
        return self.model_copy(update=found)
