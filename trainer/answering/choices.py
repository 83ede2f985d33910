"""A group becomes multiple-choice questions in three forms; a policy picks the letter that it finds likeliest."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from numpy.random import Generator

from prompts.choices import LETTERS, NONE_OF_THE_ABOVE, choice_prompt


class ChoiceForm(StrEnum):
    """Which options a question offers."""

    PLAIN = "plain"
    """All answers of the group."""
    WITH_NONE = "with_none"
    """The same, and "none of the above", which is wrong."""
    ONLY_NONE = "only_none"
    """The rejected answers and "none of the above", which is right: only a policy that sees the video can know."""


@dataclass(frozen=True)
class Choice:
    """One multiple-choice question."""

    form: ChoiceForm
    prompt: str
    """Question, options and instruction."""
    letters: tuple[str, ...]
    """The letter of each option."""
    right: int
    """Index of the right option."""

    def credit(self, logprobs: Sequence[float]) -> float:
        """1 if the right letter is the likeliest, 0 if another is, a share of 1 if several tie.

        ValueError unless there is one log-probability per letter.
        """
        if len(logprobs) != len(self.letters):
            raise ValueError(f"{len(self.letters)} letters need as many log-probabilities, got {len(logprobs)}")
        likeliest = [place for place, value in enumerate(logprobs) if value == max(logprobs)]
        return float(self.right in likeliest) / len(likeliest)


def choices(question: str, chosen: str, rejected: Sequence[str], rng: Generator) -> tuple[Choice, ...]:
    """The three forms of a group, with its answers in one random order; none if there are too many for the letters.

    The order is drawn over the answers sorted by text: with equal `rng`, a group and its twin, whose answers are the
    same, have the same options behind the same letters, and a model that prefers a letter wins only one of the two.
    """
    texts = sorted((chosen, *rejected))
    if len(texts) >= len(LETTERS):
        return ()
    ordered = [texts[place] for place in rng.permutation(len(texts))]
    wrong = [text for text in ordered if text != chosen]
    return (
        _choice(ChoiceForm.PLAIN, question, ordered, ordered.index(chosen)),
        _choice(ChoiceForm.WITH_NONE, question, [*ordered, NONE_OF_THE_ABOVE], ordered.index(chosen)),
        _choice(ChoiceForm.ONLY_NONE, question, [*wrong, NONE_OF_THE_ABOVE], len(wrong)),
    )


def _choice(form: ChoiceForm, question: str, options: list[str], right: int) -> Choice:
    return Choice(form, choice_prompt(question, options), LETTERS[: len(options)], right)
