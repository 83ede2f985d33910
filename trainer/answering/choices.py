"""A group becomes multiple-choice questions in three forms; which letter is likeliest says what a policy picks."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from numpy.random import Generator

from prompts.choices import LETTERS, NONE_OF_THE_ABOVE, choice_prompt


class ChoiceForm(StrEnum):
    """What the options are."""

    PLAIN = "plain"
    """All answers of the group."""
    WITH_NONE = "with_none"
    """The same, and "none of the above", which is wrong."""
    ONLY_NONE = "only_none"
    """The rejected answers and "none of the above", which is right: only a policy that looks can tell."""


@dataclass(frozen=True)
class Choice:
    """One multiple-choice question."""

    form: ChoiceForm
    prompt: str
    """What is asked, options and instruction included."""
    letters: tuple[str, ...]
    """The letter of each option."""
    right: int
    """Which of them is right."""

    def credit(self, logprobs: Sequence[float]) -> float:
        """1 where the right letter is the likeliest, 0 where another is, and a share of 1 where several tie.

        ValueError where there is not one log-probability a letter.
        """
        if len(logprobs) != len(self.letters):
            raise ValueError(f"{len(self.letters)} letters need as many log-probabilities, got {len(logprobs)}")
        likeliest = [place for place, value in enumerate(logprobs) if value == max(logprobs)]
        return float(self.right in likeliest) / len(likeliest)


def choices(question: str, chosen: str, rejected: Sequence[str], rng: Generator) -> tuple[Choice, ...]:
    """The three forms of a group, its answers in one random order; none where they are more than letters go round.

    The order is drawn over the answers sorted by text: with an equal `rng` a group and its twin, whose answers are
    the same, have the same options behind the same letters, and a liking for a letter wins one of the two alone.
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
