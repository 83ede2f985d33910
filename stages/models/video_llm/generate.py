"""A model answers an encoded prompt in its own words, token by token.

Axes: P prompt token, T new token, L = P + T.
"""

from collections.abc import Iterator, Sequence
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
    ids = list(_greedy(model, family, encoded, max_new_tokens, features))
    ended = bool(ids) and ids[-1] in _stops(model, encoded)
    written = ids[:-1] if ended else ids
    text = family.processor.tokenizer.decode(written, skip_special_tokens=True)
    return Generated(str(text).strip(), len(written), ended)


def _greedy(
    model: nn.Module, family: ModelFamily, encoded: EncodedGroup, max_new_tokens: int, features: VisionFeatures | None
) -> Iterator[int]:
    """Token ids up to EOS and with it; the prompt is read once, then each token with cached keys and values."""
    encoded = encoded.to(next(model.parameters()).device)
    stops = _stops(model, encoded)
    unread_T = encoded.answer_ids[0][-1:].expand(max_new_tokens)
    positions_L = family.positions(model, encoded, unread_T)
    visual = encoded.vision if features is None else {"mm_encoder_outputs": family.encoder_outputs(features)}
    unread: Tensor = encoded.prompt_ids_P[None]
    more: dict[str, Any] = dict(visual)
    read, cache = 0, None
    for _ in range(max_new_tokens):
        upto = read + unread.shape[1]
        out = model(
            input_ids=unread,
            position_ids=positions_L[..., read:upto],
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=1,
            **more,
        )
        token = out.logits[0, -1].argmax()
        yield int(token)
        if int(token) in stops:
            return
        read, cache, unread, more = upto, out.past_key_values, token.reshape(1, 1), {}


def _stops(model: nn.Module, encoded: EncodedGroup) -> set[int]:
    """The EOS of the trained answers, and the tokens that end the checkpoint's own generation."""
    settings = getattr(bare(model), "generation_config", None)
    own = getattr(settings, "eos_token_id", None)
    listed = own if isinstance(own, list) else [] if own is None else [own]
    return {int(encoded.answer_ids[0][-1]), *listed}
