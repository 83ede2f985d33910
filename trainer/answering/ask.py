"""A policy and its base model answer a question about a video."""

from collections.abc import Sequence

from stages.models.video_llm.generate import Generated, generate
from stages.visuals.visual import Visual
from trainer.policy.side_by_side import ComparedModel

_ANY_ANSWER = "."
"""Encoding needs an answer; generation reads only its EOS."""


def ask(
    models: Sequence[ComparedModel], visual: Visual, question: str, max_new_tokens: int
) -> tuple[tuple[str, Generated], ...]:
    """(name, answer) of each model, in their order. EncodingError if the video does not fit a model."""
    answers = []
    for compared in models:
        encoded = compared.family.encode(visual, question, [_ANY_ANSWER])
        with compared.activated() as model:
            answers.append((compared.name, generate(model, compared.family, encoded, max_new_tokens)))
    return tuple(answers)
