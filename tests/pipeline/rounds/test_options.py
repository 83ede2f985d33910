"""What `vidpref iterate` refuses before it does anything, and where its set of questions comes from."""

import re
from pathlib import Path

import pytest

from pipeline.rounds.folder import LoopFolder
from pipeline.rounds.options import IterateOptions
from pipeline.rounds.questions import given_set, question_build
from pipeline.rounds.settings import loop_settings
from schemas.errors import RecipeError

OPTIONS = IterateOptions("isr-dpo", "clips", "model", "x")


@pytest.mark.parametrize("rounds", [0, -1])
def test_less_than_one_round_is_one_line(rounds: int) -> None:
    """With what measures a model without any."""
    with pytest.raises(RecipeError, match=f"--rounds {rounds}: give 1 or more; vidpref evaluate"):
        IterateOptions("isr-dpo", "clips", "model", "x", rounds)


def test_an_unknown_method_is_one_line() -> None:
    """With those that there are."""
    with pytest.raises(RecipeError, match="ppo is no method that goes in rounds; there is isr-dpo"):
        IterateOptions("ppo", "clips", "model", "x")


@pytest.mark.parametrize(
    ("override", "line"),
    [
        ("stop.patience=3", "--loop-set unknown key stop.patience"),
        ("stop.kl_per_token=0", "--loop-set stop.kl_per_token: Input should be greater than 0"),
        ("min_pairs=few", "--loop-set min_pairs: "),
    ],
)
def test_a_wrong_setting_of_the_loop_is_one_line(override: str, line: str) -> None:
    """An unknown key, or a value out of range."""
    with pytest.raises(RecipeError, match=re.escape(line)):
        loop_settings((override,))


def test_settings_of_the_loop_are_laid_over_the_defaults() -> None:
    """What is not named stays."""
    found = loop_settings(("stop.rounds_without_gain=3", "probe.questions=8"))
    assert (found.stop.rounds_without_gain, found.probe.questions, found.min_pairs) == (3, 8, 20)


def test_questions_are_written_by_facts_with_those_that_people_annotated(tmp_path: Path) -> None:
    """Unless a recipe is named, and with the keys of --questions-set after the loop's own."""
    made = question_build(OPTIONS, LoopFolder(tmp_path))
    assert (made.recipe, made.out, made.videos) == ("facts", str(tmp_path / "questions"), "clips")
    assert "generate.annotated_questions=true" in made.overrides
    named = IterateOptions("isr-dpo", "clips", "model", "x", questions="mixed.yaml", question_overrides=("seed=3",))
    assert question_build(named, LoopFolder(tmp_path)).overrides == ("seed=3",)


def test_a_finished_set_of_questions_is_taken_as_it_is(tmp_path: Path) -> None:
    """A recipe is not one; keys for a build that does not happen are refused."""
    (tmp_path / "dataset.json").touch()
    given = str(tmp_path)
    assert given_set(IterateOptions("isr-dpo", "clips", "model", "x", questions=given)) == given
    assert given_set(IterateOptions("isr-dpo", "clips", "model", "x", questions="facts")) is None
    with pytest.raises(RecipeError, match=r"--questions-set: --questions .* is finished"):
        given_set(IterateOptions("isr-dpo", "clips", "model", "x", questions=given, question_overrides=("seed=3",)))
