"""The text of a multiple-choice question."""

from collections.abc import Sequence
from string import ascii_uppercase

NONE_OF_THE_ABOVE = "None of the above."
LETTERS = tuple(ascii_uppercase)
_INSTRUCTION = "Answer with the option's letter."


def choice_prompt(question: str, options: Sequence[str]) -> str:
    """The question, its options after the letters A, B, C, ..., and the instruction to answer with a letter.

    ValueError for fewer than two options, or for more than 26.
    """
    if not 2 <= len(options) <= len(LETTERS):
        raise ValueError(f"a choice is among 2 to {len(LETTERS)} options, got {len(options)}")
    lettered = (f"{letter}. {option}" for letter, option in zip(LETTERS, options, strict=False))
    return "\n".join((question, *lettered, _INSTRUCTION))
