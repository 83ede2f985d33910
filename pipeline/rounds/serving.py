"""Gives the adapter of a round to the server that plays the policy, by vLLM's call."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import openai

from pipeline.endpoint.settings import Endpoint, RoleModel
from schemas.errors import EndpointError, RecipeError
from schemas.problems import one_line
from trainer.policy.saved_adapter import SavedAdapter

_LOAD = "/load_lora_adapter"
_NAME_DIGITS = 16
_HINT = (
    "start it with --enable-lora, --max-lora-rank of at least adapter.rank, and VLLM_ALLOW_RUNTIME_LORA_UPDATING=True"
)
_NO_KEY = "none"
"""The client refuses to send nothing."""


@dataclass(frozen=True)
class PolicyServer:
    """The server of the role `target`, which sees the folder of the loop."""

    address: str | None
    timeout_seconds: float
    key: str = field(default="", repr=False)

    @classmethod
    def of(cls, role: RoleModel, endpoint: Endpoint, key: str) -> "PolicyServer":
        """The server that a role names. RecipeError if endpoint.servers lacks it."""
        if role.server not in endpoint.servers:
            raise RecipeError(
                f"roles.target.server = {role.server}: endpoint.servers has {', '.join(sorted(endpoint.servers))}"
            )
        server = endpoint.servers[role.server]
        return cls(server.address, server.timeout_seconds, key)

    def load(self, adapter: SavedAdapter) -> str:
        """The name under which the server answers with an adapter. EndpointError if it does not load it.

        The name is made of the adapter's hash: loaded before, it is the same adapter.
        """
        name = f"vidpref-{adapter.sha256[:_NAME_DIGITS]}"
        client = openai.OpenAI(
            base_url=self.address, api_key=self.key or _NO_KEY, timeout=self.timeout_seconds, max_retries=2
        )
        body = {"lora_name": name, "lora_path": str(Path(adapter.folder).absolute())}
        try:
            with client:
                client.post(_LOAD, cast_to=object, body=body)
        except openai.APIStatusError as refused:
            if "already" in refused.response.text and "loaded" in refused.response.text:
                return name
            why = one_line(_message(refused.response.text))[:200]
            raise EndpointError(
                f"the server of roles.target does not load {adapter.folder} ({refused.status_code}: {why}); {_HINT}, "
                "or leave roles.target out: the policy then answers in process"
            ) from None
        except openai.OpenAIError as failed:
            raise EndpointError(
                f"{self.address or 'the server of roles.target'} does not answer: {one_line(failed)}"
            ) from None
        return name


def _message(text: str) -> str:
    """What an error's body says; the body itself if it is no JSON of that form."""
    try:
        found = json.loads(text)
        return str(found.get("message") or found["error"]["message"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return text
