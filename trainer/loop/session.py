"""One training in one process: what was asked for, and everything that is opened once for it."""

from dataclasses import dataclass, field
from pathlib import Path

from schemas.errors import RecipeError
from schemas.policy import UsedStep, WeightsType
from stages.models.video_llm import ModelFamily, open_family
from trainer.data.joined_sets import GivenSet, JoinedSets
from trainer.data.shards import OpenSet
from trainer.data.step_order import OptimiserStep
from trainer.data.training_data import TrainingData, read_training_data
from trainer.data_settings import VisualChoice
from trainer.loop.feeders import Feeders, default_feeders
from trainer.loop.group_encoder import GroupEncoder
from trainer.loop.metrics_log import METRICS, MetricsLog
from trainer.loop.prefetch import GroupFeed, refuse_empty
from trainer.loop.progress import Say
from trainer.loop.ranks import Rank
from trainer.loop.unusable import Unusables
from trainer.loss_settings import PairForm
from trainer.policy.requirements import device_for, refuse_unmet
from trainer.policy.start import StartingPoint
from trainer.policy.trained import CHECKPOINTS
from trainer.recipe import Method, TrainRecipe

WORK = ".work"
"""The folder, in the --out of a training, of what it keeps for itself: caches, and what its processes print."""


@dataclass(frozen=True)
class TrainRequest:
    """A request for one training; it can be sent to another process."""

    recipe_name: str
    recipe: TrainRecipe
    model: str
    """Folder or hub id of a model, or the folder of an adapter to go on from."""
    data: tuple[GivenSet, ...]
    """The data sets, at least one."""
    out: Path
    merge: bool = False
    """Write whole weights instead of an adapter."""
    merge_dtype: WeightsType | None = None
    """Their type; by default the base model's, if rounding to it loses little of what was learnt, else float32."""
    use: UsedStep = UsedStep.LAST
    """The step whose weights become the policy."""
    left_out: frozenset[str] = frozenset()
    """Ids, as `opened` names them, of the groups that people object to."""

    @property
    def opened(self) -> OpenSet:
        """The set, or all of them as one."""
        return self.data[0].opened if len(self.data) == 1 else JoinedSets(self.data)


@dataclass
class Session:
    """A request in one process, with everything that is opened once."""

    request: TrainRequest
    rank: Rank
    say: Say
    start: StartingPoint = field(init=False)
    device: str = field(init=False)
    family: ModelFamily = field(init=False)
    data: TrainingData = field(init=False)
    steps: list[OptimiserStep] = field(init=False)
    feed: GroupFeed = field(init=False)
    """Opened with the model."""

    def __post_init__(self) -> None:
        recipe = self.request.recipe
        self.start = StartingPoint.of(self.request.model)
        self.family = open_family(self.start.model)
        refuse_unmet(recipe, merge=self.request.merge, sharded=self.rank.sharded)
        if self.start.adapter is not None:
            self.start.adapter.refuse_unfit(recipe.adapter)
        self.device = device_for(recipe, self.start.model, self.rank.number)
        self.data = read_training_data(self.request.opened, recipe, self.family.default_frames, self.request.left_out)
        self.steps = self.data.steps(recipe)
        refuse_empty(self.steps)
        if self.request.use is UsedStep.BEST and not self.data.held_out:
            raise RecipeError("--use best needs held-out groups: set data.held_out_share above 0, or use last")

    @property
    def encoder(self) -> GroupEncoder:
        """Encodes rows for the model."""
        loss = self.request.recipe.loss
        return GroupEncoder(
            self.data.loader,
            self.family,
            loss.visual_levels,
            every_negative=self.request.recipe.data.visual is VisualChoice.ALL,
            marks_spans=loss.form is PairForm.SPANS,
            with_twins=loss.method is Method.TWINS,
        )

    @property
    def feeders(self) -> Feeders:
        """The threads that feed the model."""
        return Feeders(self.request.recipe.engine.feeders or default_feeders(self.device, self.rank.count))

    def unusables(self, resumed_at: int) -> Unusables:
        """The account of groups that cannot be used, for a run that begins after a step."""
        groups, share = len(self.data.groups) + len(self.data.held_out), self.request.recipe.engine.max_dropped_share
        return Unusables(groups, share, MetricsLog(self.request.out / METRICS), self.say, self.rank, resumed_at)

    @property
    def checkpoints(self) -> Path:
        """The folder for checkpoints."""
        return self.request.out / CHECKPOINTS

    @property
    def layout(self) -> str:
        """How checkpoints hold weights and moments: a run can resume only from a checkpoint of the same layout."""
        sharding = "fsdp" if self.rank.sharded else "whole"
        return f"{sharding}, moments in {8 if self.request.recipe.engine.eight_bit_optimiser else 32} bit"
