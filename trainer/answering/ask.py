"""A question about a video is answered by a policy and the base model beside it."""

from collections.abc import Sequence

from stages.models.video_llm.generate import Generated, generate
from stages.visuals import Visual
from trainer.policy.side_by_side import Contestant

_ANY_ANSWER = "."
"""Encoding wants an answer; generation reads its EOS alone."""


def ask(
    contestants: Sequence[Contestant], frames: Visual, question: str, max_new_tokens: int
) -> tuple[tuple[str, Generated], ...]:
    """(name, answer) of each contestant, in their order. EncodingError where the video does not fit the model."""
    answers = []
    for contestant in contestants:
        encoded = contestant.family.encode(frames, question, [_ANY_ANSWER])
        with contestant.seated() as model:
            answers.append((contestant.name, generate(model, contestant.family, encoded, max_new_tokens)))
    return tuple(answers)
