"""A model answers an encoded prompt in its own words, token by token.

Axes: P prompt token, T new token, L = P + T.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import torch
from torch import Tensor, nn

from schemas.pair import is_complete, normalise_text
from stages.models.video_llm.chat import bare
from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.family import ModelFamily, VisionFeatures


class Match(StrEnum):
    """The answer of the group that an answer equals, after `normalise_text`."""

    CHOSEN = "chosen"
    REJECTED = "rejected"
    NEITHER = "neither"


@dataclass(frozen=True)
class Generated:
    """An answer in a model's own words."""

    text: str
    """Without special tokens."""
    tokens: int
    """Its length without EOS."""
    ended: bool
    """Whether EOS came before the limit."""

    @property
    def is_whole(self) -> bool:
        """Whether it is a complete sentence that ends in EOS."""
        return self.ended and is_complete(self.text)

    def match(self, chosen: str, rejected: Sequence[str]) -> Match:
        """The answer of the group that it equals."""
        written = normalise_text(self.text)
        if written == normalise_text(chosen):
            return Match.CHOSEN
        return Match.REJECTED if written in map(normalise_text, rejected) else Match.NEITHER


@torch.no_grad()
def generate(
    model: nn.Module,
    family: ModelFamily,
    encoded: EncodedGroup,
    max_new_tokens: int,
    features: VisionFeatures | None = None,
) -> Generated:
    """Write the likeliest token at each position, up to EOS or the limit.

    Prompt, visual and positions are the same as in `score`.

    Args:
        model: loaded by `family.load`, in evaluation mode; adapters are as the caller left them.
        family: its family.
        encoded: visual and question; only EOS, the last token of its answers, is read.
        max_new_tokens: limit of the answer's length, with EOS.
        features: the visual's features if they are known.
    """
    encoded = encoded.to(next(model.parameters()).device)
    prefix = read_prompt(model, family, encoded, max_new_tokens, features)
    stops = stops_of(model, encoded)
    ids = list(continued(model, prefix, stops))
    ended = bool(ids) and ids[-1] in stops
    written = ids[:-1] if ended else ids
    text = family.processor.tokenizer.decode(written, skip_special_tokens=True)
    return Generated(str(text).strip(), len(written), ended)


@dataclass(frozen=True)
class Prefix:
    """A prompt that a model has read: whatever continues it starts here, and the prompt is not read again.

    The cache grows with what is written, so each of several continuations needs a copy of it.
    """

    logits_V: Tensor
    """Of the first new token."""
    cache: Any
    """Keys and values of the prompt, as transformers holds them."""
    positions: Tensor
    """Position ids of the new tokens, (..., T)."""


@torch.no_grad()
def read_prompt(
    model: nn.Module, family: ModelFamily, encoded: EncodedGroup, max_new_tokens: int, features: VisionFeatures | None
) -> Prefix:
    """Read visual and question once, with positions for `max_new_tokens` new tokens; arguments as for `generate`."""
    unread_T = encoded.answer_ids[0][-1:].expand(max_new_tokens)
    positions_L = family.positions(model, encoded, unread_T)
    visual = encoded.vision if features is None else {"mm_encoder_outputs": family.encoder_outputs(features)}
    out = model(
        input_ids=encoded.prompt_ids_P[None],
        position_ids=positions_L[..., : encoded.prompt_length],
        use_cache=True,
        logits_to_keep=1,
        **visual,
    )
    return Prefix(out.logits[0, -1], out.past_key_values, positions_L[..., encoded.prompt_length :])


@torch.no_grad()
def continued(model: nn.Module, prefix: Prefix, stops: Collection[int]) -> Iterator[int]:
    """The likeliest token at each position, up to a stop and with it, or as many as there are positions."""
    logits_V, cache, room = prefix.logits_V, prefix.cache, prefix.positions.shape[-1]
    for place in range(room):
        token = logits_V.argmax()
        yield int(token)
        if int(token) in stops or place == room - 1:
            return
        out = model(
            input_ids=token.reshape(1, 1),
            position_ids=prefix.positions[..., place : place + 1],
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=1,
        )
        logits_V, cache = out.logits[0, -1], out.past_key_values


def stops_of(model: nn.Module, encoded: EncodedGroup) -> set[int]:
    """The EOS of the trained answers, and the tokens that end the checkpoint's own generation."""
    settings = getattr(bare(model), "generation_config", None)
    own = getattr(settings, "eos_token_id", None)
    listed = own if isinstance(own, list) else [] if own is None else [own]
    return {int(encoded.answer_ids[0][-1]), *listed}
