"""Tokens that a work sends through the model: counted where they pass, and by arithmetic, which must agree.

P prompt tokens, T answer tokens; a row of prompt and one answer has P + T, a shared row of K answers P + K T.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import nn

from stages.models.video_llm.chat import bare
from tests.benchmarks.train_model import Shape


@dataclass(frozen=True)
class Passes:
    """What goes forward in one step."""

    trained: int
    """Tokens of the language model with a gradient to follow."""
    scored: int
    """Tokens of the language model without: of the reference, or of a policy that is not trained on them."""
    patches: int
    """Patches that the vision tower sees."""

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


@dataclass(frozen=True)
class Rows:
    """How many prompts and how many answers go forward, in whatever rows."""

    prompts: int
    answers: int

    def tokens(self, shape: Shape) -> int:
        """Tokens of the language model."""
        return self.prompts * shape.prompt_tokens + self.answers * shape.answer_tokens

    def seen(self, shape: Shape) -> float:
        """Pairs of a token and one that it sees, in one layer: half of P x P, and each answer's T x (P + T / 2)."""
        prompt, answer = shape.prompt_tokens, shape.answer_tokens
        return self.prompts * prompt**2 / 2 + self.answers * answer * (prompt + answer / 2)


@dataclass(frozen=True)
class Sends:
    """What a step sends through the model, by arithmetic."""

    trained: Rows
    """With a gradient to follow."""
    scored: Rows
    """Without."""
    visuals: int
    """Runs of the vision tower over a whole visual."""

    def passes(self, shape: Shape) -> Passes:
        """In tokens and patches."""
        return Passes(self.trained.tokens(shape), self.scored.tokens(shape), self.visuals * shape.patches)


def shared(answers: int, *, more: int = 0) -> Sends:
    """Ours: one row of `answers` answers, and `more` visuals that are shown with one answer each."""
    return Sends(Rows(1 + more, answers + more), Rows(0, 0), 1 + more)


def plain(*, trained: int, scored: int) -> Sends:
    """Rows of prompt and one answer, the tower run for each: `trained` with a gradient, `scored` without."""
    return Sends(Rows(trained, trained), Rows(scored, scored), trained + scored)
