"""Floating-point operations of a step, by arithmetic from shapes. L token, P patch.

A product of (n, k) and (k, m) counts 2 n k m. A backward pass through frozen weights costs what a forward pass does,
through attention twice that; checkpointing repeats the forward pass. Norms, adapters and the like are left out.
"""

import math
from dataclasses import dataclass

from tests.benchmarks.train_counts import Rows, Sends
from tests.benchmarks.train_model import MERGED_PATCHES, PATCH_NUMBERS, Shape

WINDOW_PATCHES = 64
"""Patches of a window of 112 pixels."""


@dataclass(frozen=True)
class Costs:
    """Of one architecture at one size, in floating-point operations."""

    shape: Shape

    def step(self, sends: Sends, *, checkpointing: bool) -> float:
        """Forward and backward of one step; the tower is frozen and goes forward alone."""
        linear, attended = self._linear(sends.trained), self._attended(sends.trained)
        forward = linear + attended
        trained = forward + linear + 2 * attended + (forward if checkpointing else 0)
        return trained + self._linear(sends.scored) + self._attended(sends.scored) + sends.visuals * self.tower()

    def text_forward(self, rows: Rows) -> float:
        """The language model and its head, once."""
        return self._linear(rows) + self._attended(rows)

    def tower(self) -> float:
        """Vision tower and merger on one visual of all frames."""
        vision, patches = self.shape.vision, self.shape.patches
        hidden, deep = vision["hidden_size"], vision["depth"]
        block = 4 * hidden**2 + 3 * hidden * vision["intermediate_size"]
        merged = (MERGED_PATCHES * hidden) ** 2 + MERGED_PATCHES * hidden * self.shape.text["hidden_size"]
        weights = patches * (PATCH_NUMBERS * hidden + deep * block) + patches / MERGED_PATCHES * merged
        whole = len(vision["fullatt_block_indexes"])
        keys = whole * math.prod(self.shape.side_patches) + (deep - whole) * WINDOW_PATCHES
        return 2 * weights + 4 * hidden * patches * keys

    def _linear(self, rows: Rows) -> float:
        text = self.shape.text
        hidden, layers = text["hidden_size"], text["num_hidden_layers"]
        keys = hidden // text["num_attention_heads"] * text["num_key_value_heads"]
        layer = 2 * hidden**2 + 2 * hidden * keys + 3 * hidden * text["intermediate_size"]
        head = rows.answers * self.shape.answer_tokens * hidden * self.shape.vocabulary
        return 2 * (rows.tokens(self.shape) * layers * layer + head)

    def _attended(self, rows: Rows) -> float:
        text = self.shape.text
        return 4 * text["num_hidden_layers"] * text["hidden_size"] * rows.seen(self.shape)
