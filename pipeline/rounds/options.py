"""The options of `vidpref iterate`, free of torch."""

from dataclasses import dataclass

from pipeline.rounds.folder import RoundFolder
from pipeline.training.options import TrainOptions
from schemas.errors import RecipeError

METHODS = {"isr-dpo": "isr_dpo"}
"""The methods that go in rounds, and the recipe of their builds and trainings."""


@dataclass(frozen=True)
class IterateOptions:
    """What `vidpref iterate` is asked for. RecipeError for an unknown method, or for less than one round."""

    method: str
    videos: str
    """A folder, a glob or a manifest."""
    model: str
    """Folder or hub id of a model, or the folder of an adapter to go on from: round 0."""
    out: str
    """Where everything goes, on a local disk."""
    rounds: int = 3
    """Rounds to make, those of earlier runs included."""
    questions: str | None = None
    """A finished set whose questions are asked, or a recipe that makes one; None for `facts` with annotated ones."""
    overrides: tuple[str, ...] = ()
    """`A.B=C` of every --set: of the rounds' builds."""
    train_overrides: tuple[str, ...] = ()
    """Of every --train-set: of their trainings."""
    question_overrides: tuple[str, ...] = ()
    """Of every --questions-set: of the build of the set of questions."""
    loop_overrides: tuple[str, ...] = ()
    """Of every --loop-set: of `LoopSettings`."""
    workers: int | None = None
    """As of a build."""
    train_workers: int = 1
    """As of a training."""
    local: bool = False
    """Whether builds run in this process, without Ray."""
    offline: bool = False
    """As of a build."""

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise RecipeError(f"{self.method} is no method that goes in rounds; there is {', '.join(METHODS)}")
        if self.rounds < 1:
            raise RecipeError(f"--rounds {self.rounds}: give 1 or more; vidpref evaluate measures a model as it is")

    @property
    def recipe(self) -> str:
        """The recipe of the rounds' builds and of their trainings."""
        return METHODS[self.method]

    def training(self, round_: RoundFolder, model: str) -> TrainOptions:
        """The training of a round, from a model or a policy."""
        return TrainOptions(
            self.recipe, (str(round_.ds),), model, str(round_.policy), self.train_overrides, self.train_workers
        )
