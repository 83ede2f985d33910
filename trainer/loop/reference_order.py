"""What the reference says of groups decides which visual negatives are trained on, and which groups come first."""

from collections.abc import Iterator
from dataclasses import replace

from trainer.data.step_order import OptimiserStep
from trainer.data.training_data import TrainingData
from trainer.data.visual_choice import by_choice
from trainer.data_settings import DifficultyMeasure
from trainer.loop.group_scorer import GroupScorer
from trainer.loop.measures import Measures, gap_lines, measured
from trainer.loop.prefetch import GroupFeed
from trainer.loop.progress import Say
from trainer.recipe import TrainRecipe


def by_reference(
    data: TrainingData, recipe: TrainRecipe, scorer: GroupScorer, feed: GroupFeed, say: Say
) -> tuple[TrainingData, list[OptimiserStep]]:
    """Measure all groups by the reference; returns them with their visual negatives chosen, and the steps in order."""
    measures = measured(scorer, data.groups, feed, say)
    for line in gap_lines(data.groups, measures):
        say(line)
    gaps = {name: found.gaps for name, found in measures.items()}
    chosen = replace(data, groups=tuple(by_choice(data.groups, gaps, recipe.data.visual)))
    by_margin = recipe.data.difficulty is DifficultyMeasure.REFERENCE
    return chosen, chosen.steps(recipe, dict(_hardness(measures)) if by_margin else None)


def _hardness(measures: Measures) -> Iterator[tuple[str, float]]:
    """By group: the smaller the reference's margin, the harder."""
    for name, found in measures.items():
        if found.margin is not None:
            yield name, -found.margin
