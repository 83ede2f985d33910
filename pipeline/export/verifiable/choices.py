"""A proven question becomes a multiple-choice question with one right option."""

from collections.abc import Sequence
from string import ascii_uppercase

from pipeline.export.rewards.truth import choice_truth
from pipeline.export.verifiable.question import AnswerKind, VerifiableQuestion
from schemas.pair import Pair
from stages.seeding import rng_for

_STAGE = "export/questions"
_NONE = "None of these."
_HOW = "Answer with the letter of the right option."


def choice(pairs: Sequence[Pair], seed: int, *, none_of_these: bool) -> VerifiableQuestion:
    """The chosen answer among the rejected ones, in an order drawn by seed and group.

    With `none_of_these` that is the last option, and one of the K + 1 answers is drawn that is not offered: in one of
    K + 1 questions the right one, so that "none" is right as often as any other option.
    """
    rng = rng_for(seed, _STAGE, pairs[0].group_id)
    answers = [pairs[0].chosen, *(pair.rejected for pair in pairs)]
    order = [int(place) for place in rng.permutation(len(answers))]
    if none_of_these:
        del order[int(rng.integers(len(order)))]
    options = [answers[place] for place in order] + ([_NONE] if none_of_these else [])
    right = order.index(0) if 0 in order else len(options) - 1
    lettered = (f"{letter}. {option}" for letter, option in zip(ascii_uppercase, options, strict=False))
    text = "\n".join((pairs[0].question, *lettered, _HOW))
    return VerifiableQuestion(AnswerKind.CHOICE, text, choice_truth(right, len(options)))
