"""Multiple-choice questions: what is offered, which letter is right, and what an answer is worth."""

import pytest
from numpy.random import default_rng

from prompts.choices import NONE_OF_THE_ABOVE, choice_prompt
from trainer.answering.choices import Choice, ChoiceForm, choices

CHOSEN, REJECTED = "It is red.", ("It is blue.", "It is green.", "It is pink.")


def options(choice: Choice) -> list[str]:
    """What stands behind the letters."""
    lines = choice.prompt.splitlines()[1:-1]
    assert [line[:3] for line in lines] == [f"{letter}. " for letter in choice.letters]
    return [line[3:] for line in lines]


@pytest.mark.parametrize("seed", range(5))
def test_the_three_forms_offer_what_they_say(seed: int) -> None:
    """Plain: all four; with none: all and "none", last; only none: the wrong ones and "none", which is right."""
    plain, with_none, only_none = choices("Which?", CHOSEN, REJECTED, default_rng(seed))
    assert [choice.form for choice in (plain, with_none, only_none)] == list(ChoiceForm)
    assert sorted(options(plain)) == sorted((CHOSEN, *REJECTED))
    assert options(with_none) == [*options(plain), NONE_OF_THE_ABOVE]
    assert sorted(options(only_none)[:-1]) == sorted(REJECTED)
    right = [options(choice)[choice.right] for choice in (plain, with_none, only_none)]
    assert right == [CHOSEN, CHOSEN, NONE_OF_THE_ABOVE]


def test_the_right_letter_is_every_letter_about_as_often() -> None:
    """Over 400 seeds each of four letters is right 100 times give or take 4 standard deviations of 8.7."""
    places = [choices("Which?", CHOSEN, REJECTED, default_rng(seed))[0].right for seed in range(400)]
    assert all(abs(places.count(place) - 100) < 35 for place in range(4))


def test_a_twin_has_the_same_options_behind_the_same_letters() -> None:
    """Its chosen answer is another of the same texts: the prompt is equal word for word, the right letter is not."""
    group = choices("Which?", CHOSEN, REJECTED, default_rng(3))[0]
    twin = choices("Which?", REJECTED[0], (CHOSEN, *REJECTED[1:]), default_rng(3))[0]
    assert group.prompt == twin.prompt
    assert group.right != twin.right


@pytest.mark.parametrize(
    ("logprobs", "credit"), [((-1, -2, -3), 1.0), ((-2, -1, -3), 0.0), ((-1, -1, -3), 0.5), ((-1, -1, -1), 1 / 3)]
)
def test_the_likeliest_letter_is_the_answer_and_ties_share(logprobs: tuple[float, ...], credit: float) -> None:
    """A is right: alone on top 1, with one other 1/2, with two others 1/3, below another 0."""
    assert Choice(ChoiceForm.PLAIN, "", ("A", "B", "C"), right=0).credit(logprobs) == credit


def test_a_letter_without_a_score_is_refused() -> None:
    """Two scores for three letters are a mistake, not an answer."""
    with pytest.raises(ValueError, match="3 letters need as many log-probabilities, got 2"):
        Choice(ChoiceForm.PLAIN, "", ("A", "B", "C"), right=0).credit((-1, -2))


def test_a_prompt_reads_as_a_question_with_letters() -> None:
    """Question, options, instruction, a line each."""
    assert choice_prompt("Which?", ["One.", "Two."]) == "Which?\nA. One.\nB. Two.\nAnswer with the option's letter."
    with pytest.raises(ValueError, match="2 to 26 options, got 1"):
        choice_prompt("Which?", ["One."])
