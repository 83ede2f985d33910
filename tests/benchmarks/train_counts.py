"""Tokens that a work sends through the model: counted where they pass, and by arithmetic, which must agree.

P prompt tokens, T answer tokens; a row of prompt and one answer has P + T, a shared row of K answers P + K T.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import nn

from tests.benchmarks.train_model import Shape
from trainer.families.chat import bare


@dataclass(frozen=True)
class Passes:
    """What goes forward in one step."""

    trained: int
    """Tokens of the language model with a gradient to follow."""
    scored: int
    """Tokens of the language model without: of the reference, or of a policy that is not trained on them."""
    patches: int
    """Of the vision tower."""

    @property
    def token_passes(self) -> int:
        """Forward tokens, and those that go backward too once more: with LoRA a backward costs what a forward does."""
        return 2 * self.trained + self.scored

    def as_json(self) -> dict[str, int]:
        """By name."""
        return asdict(self)


@contextmanager
def counted(model: nn.Module) -> Iterator[list[Passes]]:
    """Counts what passes through language model and tower meanwhile; the list holds the sum at the end.

    A recomputation for checkpointing passes through neither's own forward and is not counted.
    """
    trained, scored, patches = [], [], []

    def through_text(_: nn.Module, __: Any, given: dict[str, Any]) -> None:
        batch, length = given["inputs_embeds"].shape[:2]
        (trained if torch.is_grad_enabled() else scored).append(batch * length)

    def through_tower(_: nn.Module, given: tuple[Any, ...], named: dict[str, Any]) -> None:
        pixels = given[0] if given else named["hidden_states"]
        patches.append(len(pixels))

    inner = bare(model).model
    hooks = [
        inner.language_model.register_forward_pre_hook(through_text, with_kwargs=True),
        inner.visual.register_forward_pre_hook(through_tower, with_kwargs=True),
    ]
    found: list[Passes] = []
    try:
        yield found
    finally:
        for hook in hooks:
            hook.remove()
        found.append(Passes(sum(trained), sum(scored), sum(patches)))


def shared(shape: Shape, answers: int, *, visuals: int = 1, more: int = 0) -> Passes:
    """Ours: one row of `answers` answers, and `more` visuals that are shown with one answer each."""
    prompt, answer = shape.prompt_tokens, shape.answer_tokens
    tokens = prompt + answers * answer + more * (prompt + answer)
    return Passes(tokens, 0, (visuals + more) * shape.patches)


def plain(shape: Shape, *, trained: int, scored: int) -> Passes:
    """Rows of prompt and one answer, the tower run for each: so many with a gradient, so many without."""
    row = shape.prompt_tokens + shape.answer_tokens
    return Passes(trained * row, scored * row, (trained + scored) * shape.patches)
