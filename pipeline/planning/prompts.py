"""The prompts of a recipe, filled with what was asked about one real clip, for `vidpref plan RECIPE --prompts`."""

from collections.abc import Iterator

from pipeline.build.recipe import Recipe
from prompts.example import filled_example
from prompts.prompt import prompt
from stages.models.chat import AskingStage, ModelRole


def filled_prompts(recipe: Recipe) -> Iterator[tuple[str, str]]:
    """A heading and the text for each prompt that the recipe's language models get; none for `facts`."""
    for role, name, topic in _used(recipe):
        asked = prompt(name)
        about = f", here about {topic.replace('_', ' ')}" if topic else ""
        heading = f"{role.value.replace('_', ' ')}: {asked.label}{about}"
        yield heading, filled_example(name, topic) if topic else filled_example(name)


def _used(recipe: Recipe) -> Iterator[tuple[ModelRole, str, str | None]]:
    """Role, prompt and topic of everything that is asked, in the order of a build."""
    asking = (step.stage for step in recipe.steps() if isinstance(step.stage, AskingStage))
    for role, name in (named for stage in asking for named in stage.prompt_names()):
        topics = recipe.ask.topics if name == "writer" else (None,)
        yield from ((role, name, topic) for topic in topics)
