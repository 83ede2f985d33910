"""The prompts of a recipe, filled with what was asked about one real clip, for `vidpref plan RECIPE --prompts`."""

from collections.abc import Iterator

from pipeline.build.recipe import Recipe
from prompts.example import filled_example
from prompts.prompt import prompt
from stages.models.chat import ModelRole


def filled_prompts(recipe: Recipe) -> Iterator[tuple[str, str]]:
    """A heading and the text for each prompt that the recipe's language models get; none for `facts`."""
    for role, name, topic in _used(recipe) if recipe.generate.asks_models else ():
        asked = prompt(name)
        about = f", here about {topic.replace('_', ' ')}" if topic else ""
        heading = f"{role.value.replace('_', ' ')}: {name}, version {asked.version}, {asked.digest}{about}"
        yield heading, filled_example(name, topic) if topic else filled_example(name)


def _used(recipe: Recipe) -> Iterator[tuple[ModelRole, str, str | None]]:
    """Role, prompt and topic of everything that is asked, in the order of a build."""
    ask = recipe.ask
    for topic in ask.topics:
        yield ModelRole.WRITER, "writer", topic
    if ask.twin_questions:
        yield ModelRole.WRITER, "twins", None
    if ask.annotated:
        yield ModelRole.WRITER, "rewrite", None
    yield ModelRole.TARGET, "target", None
    wrong = {"corrupter": bool(ask.adversaries), "relevant": ask.relevant, "irrelevant": bool(ask.irrelevant)}
    yield from ((ModelRole.CORRUPTER, name, None) for name, is_used in wrong.items() if is_used)
    yield ModelRole.WRITER, "claims", None
    yield from ((ModelRole.JUDGE, name, None) for name in ("judge_faithful", "judge_genuine", "judge_compare"))
    if recipe.judge.blind:
        yield ModelRole.BLIND_JUDGE, "blind", None
