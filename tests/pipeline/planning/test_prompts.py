"""`vidpref plan RECIPE --prompts` shows what is said to language models."""

import io

from rich.console import Console

from pipeline.build.recipe import load_recipe
from pipeline.planning.prompts import filled_prompts
from pipeline.planning.run import PlanOptions, run_plan


def printed(*overrides: str) -> str:
    console = Console(file=io.StringIO(), record=True, width=120)
    run_plan(console, PlanOptions("facts", overrides=overrides, prompts=True))
    return console.export_text()


def test_every_prompt_of_the_recipe_is_shown_filled() -> None:
    """With its role, version and hash, and the question of the example; prompts that are not used are not shown."""
    recipe = load_recipe("facts", ("generate.writer=models", "ask.topics={action: 1, number: 1}"))[1]
    found = dict(filled_prompts(recipe))
    names = [heading.split(": ")[1].split()[0] for heading in found]
    judging = ["judge_faithful", "judge_genuine", "judge_compare", "blind"]
    assert names == ["writer", "writer", "twins", "target", "corrupter", "claims", *judging]
    text = printed("generate.writer=models")
    assert "Question: Where does the dog sit, seen from the woman?" in text
    assert "writer: writer version 1 " in text
    assert "{{" not in text


def test_a_recipe_without_models_says_so() -> None:
    """`facts` asks none."""
    assert printed() == "facts asks no language models\n"
