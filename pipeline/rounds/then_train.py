"""A build and the training that follows it, in one command."""

from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console

from pipeline.training.extras import require_train
from schemas.errors import RecipeError


@dataclass(frozen=True)
class Handoff:
    """What `vidpref build` is asked for beside the build. RecipeError where half of it is given."""

    recipe: str | None
    """A training recipe; null where none is asked for."""
    model: str | None
    policy: str | None
    """Where the policy goes."""
    overrides: tuple[str, ...]
    workers: int | None
    """Processes of the training; null for one."""

    def __post_init__(self) -> None:
        given = {"--model": self.model, "--policy": self.policy}
        if self.recipe is None:
            rest = {"--train-set": self.overrides or None, "--train-workers": self.workers}
            stray = [name for name, value in (given | rest).items() if value]
            if stray:
                raise RecipeError(f"{' and '.join(stray)}: only with --then-train RECIPE")
        else:
            missing = [name for name, value in given.items() if value is None]
            if missing:
                raise RecipeError(f"--then-train {self.recipe} needs {' and '.join(missing)}")


def build_then_train(console: Console, build: Callable[[], object], handoff: Handoff, data: str) -> None:
    """Build the set at `data`, then train on it where that is asked for.

    What the training needs is refused before the build. The build has left its cluster, and its actors are gone,
    before the training looks for GPUs.
    """
    if handoff.recipe is None or handoff.model is None or handoff.policy is None:
        build()
        return
    require_train()
    from pipeline.training.run import TrainOptions, check_training, run_train  # noqa: PLC0415 torch takes seconds to import

    workers = handoff.workers or 1
    training = TrainOptions(handoff.recipe, data, handoff.model, handoff.policy, handoff.overrides, workers)
    check_training(training)
    build()
    run_train(console, training)
