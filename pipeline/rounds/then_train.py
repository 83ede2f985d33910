"""A build and the training that follows it, in one command."""

from rich.console import Console

from pipeline.build.run import BuildOptions, run_build
from pipeline.engine.extras import require_train
from pipeline.training.options import TrainOptions
from schemas.errors import RecipeError


def train_options(
    data: str,
    recipe: str | None,
    model: str | None,
    policy: str | None,
    overrides: tuple[str, ...],
    workers: int | None,
) -> TrainOptions | None:
    """The options of a training after a build; None if no recipe is given.

    Args:
        data: the data set that the build writes.
        recipe: value of --then-train.
        model: value of --model.
        policy: value of --policy, where the policy is written.
        overrides: values of --train-set.
        workers: value of --train-workers.

    Raises:
        RecipeError: a recipe without --model or --policy, or other options without a recipe.
    """
    given = {"--model": model, "--policy": policy}
    if recipe is None:
        given_anyway = given | {"--train-set": overrides or None, "--train-workers": workers}
        stray = [name for name, value in given_anyway.items() if value]
        if stray:
            raise RecipeError(f"{' and '.join(stray)}: only with --then-train RECIPE")
        return None
    if model is None or policy is None:
        missing = [name for name, value in given.items() if value is None]
        raise RecipeError(f"--then-train {recipe} needs {' and '.join(missing)}")
    return TrainOptions(recipe, (data,), model, policy, overrides, workers or 1)


def build_then_train(console: Console, build: BuildOptions, train: TrainOptions) -> None:
    """Build a data set, then train on it.

    What the training needs is checked before the build. The build has left its cluster, and its actors are gone,
    before the training looks for GPUs.
    """
    require_train()
    from pipeline.training.run import check_training, run_train  # noqa: PLC0415 importing torch takes seconds

    check_training(train)
    run_build(console, build)
    run_train(console, train)
