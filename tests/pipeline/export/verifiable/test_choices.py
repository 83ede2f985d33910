"""A proven question becomes a multiple-choice question with one right option."""

import json
from collections import Counter

from pipeline.export.verifiable.choices import choice
from pipeline.export.verifiable.question import VerifiableQuestion
from schemas.pair import Pair
from tests.finished import Whole


def question(whole: Whole) -> list[Pair]:
    """The pairs of the first question: which of four ways."""
    first = next(iter(whole.finalised.videos[0].pairs()))
    return [pair for pair in whole.finalised.videos[0].pairs() if pair.group_id == first.group_id]


def options(asked: VerifiableQuestion) -> dict[str, str]:
    """What each letter stands for; the first line asks, the last one says how to answer."""
    return dict(line.split(". ", 1) for line in asked.text.split("\n")[1:-1])


def test_the_right_letter_is_that_of_the_chosen_answer(whole: Whole) -> None:
    """Every answer is offered once, whatever the seed; over 40 seeds each of four letters is the right one at times."""
    pairs = question(whole)
    letters = Counter[str]()
    for seed in range(40):
        asked = choice(pairs, seed, none_of_these=False)
        truth = json.loads(asked.truth)
        assert sorted(options(asked).values()) == sorted([pairs[0].chosen, *(pair.rejected for pair in pairs)])
        assert options(asked)[truth["answer"]] == pairs[0].chosen
        assert truth["chance"] == round(1 / (len(pairs) + 1), 4)
        letters[truth["answer"]] += 1
    assert len(letters) == len(pairs) + 1
    assert choice(pairs, 3, none_of_these=False) == choice(pairs, 3, none_of_these=False)


def test_none_of_these_is_right_as_often_as_any_other(whole: Whole) -> None:
    """Of K + 1 options it is the last; it is right only if the chosen answer is not offered: in one of K + 1 questions.

    Over 400 seeds its share lies within 3 standard errors of 1 / (K + 1).
    """
    pairs, seeds = question(whole), 400
    right = 0
    for seed in range(seeds):
        asked = choice(pairs, seed, none_of_these=True)
        offered = options(asked)
        assert len(offered) == len(pairs) + 1
        assert list(offered.values())[-1] == "None of these."
        answer = offered[json.loads(asked.truth)["answer"]]
        assert answer == (pairs[0].chosen if pairs[0].chosen in offered.values() else "None of these.")
        right += answer == "None of these."
    share = 1 / (len(pairs) + 1)
    assert abs(right / seeds - share) < 3 * (share * (1 - share) / seeds) ** 0.5
