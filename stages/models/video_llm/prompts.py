"""The prompts of one model are read; what prompts about the same visual begin with is read once for all of them.

Axes: P prompt token, T new token.
"""

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn

from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.family import ModelFamily
from stages.models.video_llm.generate import Prefix, read_prompt


@dataclass
class PromptReader:
    """Reads one prompt after the other.

    Keys and values of the last visual are kept. A prompt is always read in the same parts, up to its visual's end and
    then the rest, so that no result depends on which prompts were read before.
    """

    model: nn.Module
    """In evaluation mode."""
    family: ModelFamily
    _visual: tuple[str, bytes] | None = field(default=None, init=False)
    """What the kept part was read from: the visual, and the tokens up to its end."""
    _cache: Any = field(default=None, init=False)
    _length: int = field(default=0, init=False)
    """Tokens of the kept part."""

    @torch.no_grad()
    def read(self, encoded: EncodedGroup) -> tuple[Prefix, int]:
        """The prompt, ready to be continued, and how many of its tokens had been read before.

        What was read before it cannot be continued any more: both share one cache.

        Args:
            encoded: of `family.encode_dialogue`; there are positions for as many new tokens as its answer has.
        """
        end = self.family.visual_end(encoded)
        shares = end > 0 and self.family.unshared_because is None
        visual = (encoded.vision_key, encoded.prompt_ids_P[:end].numpy().tobytes()) if shares else None
        encoded = encoded.to(next(self.model.parameters()).device)
        if visual is None:
            self._visual, self._cache = None, None  # nothing is kept in memory that the prompt may need
            return read_prompt(self.model, self.family, encoded, encoded.answer_lengths[0], None), 0
        positions_L = self.family.positions(self.model, encoded, encoded.answer_ids[0])
        known = self._length if visual == self._visual else 0
        if known:
            self._cache.crop(self._length - self._cache.get_seq_length())
        else:
            self._keep(visual, encoded, positions_L, end)
        out = self.model(
            input_ids=encoded.prompt_ids_P[None, end:],
            position_ids=positions_L[..., end : encoded.prompt_length],
            past_key_values=self._cache,
            use_cache=True,
            logits_to_keep=1,
        )
        return Prefix(out.logits[0, -1], self._cache, positions_L[..., encoded.prompt_length :]), known

    def _keep(self, visual: tuple[str, bytes], encoded: EncodedGroup, positions_L: torch.Tensor, end: int) -> None:
        self._visual, self._cache = None, None  # first, so that two visuals are never in memory
        out = self.model(
            input_ids=encoded.prompt_ids_P[None, :end],
            position_ids=positions_L[..., :end],
            use_cache=True,
            logits_to_keep=1,
            **encoded.vision,
        )
        self._visual, self._cache, self._length = visual, out.past_key_values, end
