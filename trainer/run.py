"""One training: a finished set and a model become a policy, whatever part of it was done before."""

import json
import shutil
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from transformers import TrainingArguments
from transformers.utils.logging import disable_progress_bar

from schemas.errors import RecipeError
from trainer.checkpoint import latest_complete, step_of, sweep
from trainer.dataset import TrainingData, read_training_data
from trainer.device import device_of, require_device
from trainer.estimate import estimate, free_bytes, memory_told, refuse_large_on_cpu
from trainer.families import Family, open_family
from trainer.features import FeatureCache
from trainer.feed import GroupEncoder, StepFeed, refuse_empty
from trainer.log import MetricsLog
from trainer.objective import Objective
from trainer.order import OptimiserStep
from trainer.place import Place
from trainer.policy import TrainedPolicy, open_policy, require_package
from trainer.probe import probe_rows
from trainer.recipe import AdapterKind, Method, TrainRecipe
from trainer.reference import ReferenceCache, ReferenceIdentity, refuse_changed_head
from trainer.references import References
from trainer.score import ScorePath, compare_paths
from trainer.shards import OpenSet
from trainer.step import GroupScorer, GroupTrainer
from trainer.telling import Say, Telling
from trainer.watch import Logging, RunWatch
from trainer.whole import write_whole

CHECKPOINTS = "checkpoints"
METRICS = "metrics.jsonl"
WORK = ".work"
POLICY_FILE = "policy.json"
"""Written last: the training is finished."""


@dataclass(frozen=True)
class TrainRequest:
    """What one training is asked for; it can be sent to another process."""

    recipe_name: str
    recipe: TrainRecipe
    model: str
    """Folder or hub id."""
    opened: OpenSet
    data: str
    """Where the set lies, as the user gave it."""
    out: Path
    merge: bool = False
    """Leave whole weights instead of an adapter."""


@dataclass(frozen=True)
class TrainSummary:
    """What a finished training comes to."""

    steps: int
    resumed_at: int
    """The step that it went on from; 0 for a fresh start."""
    loss: float | None
    """Mean over the steps of this process's life; null where it did none."""
    path: ScorePath
    """How answers shared their prompt."""

    def told(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


@dataclass
class Session:
    """A request on this machine: everything that is opened once."""

    request: TrainRequest
    place: Place
    say: Say
    device: str = field(init=False)
    family: Family = field(init=False)
    data: TrainingData = field(init=False)
    steps: list[OptimiserStep] = field(init=False)

    def __post_init__(self) -> None:
        recipe, model = self.request.recipe, self.request.model
        self.device = device_of(recipe.engine.device, self.place.rank)
        require_device(self.device, f"engine.device {self.device}")
        self.family = open_family(model)
        self._refuse_engine()
        refuse_large_on_cpu(model, self.device, asked_for=recipe.engine.device == "cpu")
        self.data = read_training_data(self.request.opened, recipe, self.family.default_frames)
        self.steps = self.data.steps(recipe)
        refuse_empty(self.steps)

    def _refuse_engine(self) -> None:
        """ModelError where a package is missing, RecipeError where processes that share a model cannot do something."""
        engine = self.request.recipe.engine
        if engine.eight_bit_optimiser:
            require_package("bitsandbytes", "engine.eight_bit_optimiser", "engine.eight_bit_optimiser=false")
        for report in engine.report_to:
            require_package(report.value, f"engine.report_to={report.value}", "engine.report_to=[]")
        if self.request.merge and self.request.recipe.adapter.kind is AdapterKind.QLORA:
            raise RecipeError("--merge would round into 4 bit what adapter.kind=qlora has learnt: leave --merge out")
        if self.place.sharded and self.request.merge:
            raise RecipeError("--merge needs the whole model in one process: leave it out, or engine.sharding=ddp")
        if self.place.sharded and engine.cache_features:
            raise RecipeError("engine.cache_features needs the whole tower in one process: try engine.sharding=ddp")

    @property
    def encoder(self) -> GroupEncoder:
        """Rows to what the model sees."""
        return GroupEncoder(self.data.load, self.family, self.request.recipe.loss.visual_levels)

    @property
    def checkpoints(self) -> Path:
        """Where they go."""
        return self.request.out / CHECKPOINTS


def train(request: TrainRequest, say: Say, place: Place | None = None) -> TrainSummary:
    """Train, or go on where a run of the same identity stopped. Raises UserError and its kinds.

    The caller sees to it that `request.out` is used by this run alone, and belongs to this recipe.
    """
    place = place or Place()
    disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers' own; what is done is told by `say`
    session = Session(request, place, say if place.leads else _silent)
    for line in session.data.lines():
        session.say(line)
    free, recipe = free_bytes(session.device), request.recipe
    torch.manual_seed(recipe.seed)
    with memory_told(session.device):
        policy = open_policy(
            session.family,
            recipe.adapter,
            recipe.run.precision,
            session.device,
            checkpointing=recipe.engine.checkpointing,
        )
    scorer = _scorer(session, policy, free)
    return _stepped(session, scorer)


def _scorer(session: Session, policy: TrainedPolicy, free: int) -> GroupScorer:
    """Check the fast path, tell what the run will take, and make the reference's scores."""
    recipe, encode = session.request.recipe, session.encoder
    largest = max((group for step in session.steps for group in step.groups), key=session.data.measure.tokens)
    first = encode(largest)
    with memory_told(session.device):
        check = compare_paths(policy.model, session.family, first.answers, warn=session.say)
    session.say(check.told())
    by_part = [[encoded.shared_tokens for encoded in part.visuals] for part in first.parts()]
    of_largest = sum(map(sum, by_part))
    scale = of_largest / max(1, session.data.measure.tokens(largest))
    tokens = [round(scale * sum(map(session.data.measure.tokens, step.groups))) for step in session.steps]
    share = [count // session.place.ranks for count in tokens]
    started = time.perf_counter()
    encode(largest)  # once more: the first time loads what the processor needs
    fed = (time.perf_counter() - started) / of_largest
    for line in estimate(policy, recipe, session.device, free, share, max(by_part, key=sum), fed).lines():
        session.say(line)
    if recipe.loss.needs_hidden:
        refuse_changed_head(policy.model)
    objective = Objective(recipe.loss, policy.head if policy.head_is_frozen else None)
    kept = (
        FeatureCache(session.request.out / WORK / "features", session.family) if recipe.engine.cache_features else None
    )
    references = _references(session, policy, check.path, kept)
    return GroupScorer(policy, objective, check.path, references, session.place, kept)


def _stepped(session: Session, scorer: GroupScorer) -> TrainSummary:
    """The steps that are left, and the policy."""
    request, place = session.request, session.place
    if place.leads:
        sweep(session.checkpoints)
    start = latest_complete(session.checkpoints)
    resumed_at = 0 if start is None else step_of(start)
    if resumed_at:
        session.say(f"going on after step {resumed_at}")
    log = MetricsLog(request.out / METRICS)
    if place.leads:
        MetricsLog.resume(log.path, resumed_at)
    watch = RunWatch(
        encode=session.encoder,
        held_out=session.data.held_out,
        probed=probe_rows(session.data.held_out, request.recipe.data.probe_questions),
        log=log,
        say=session.say,
        place=place,
    )
    trainer = GroupTrainer(
        scorer,
        StepFeed(session.steps, session.encoder, place),
        training_arguments(session, resumed_at),
        watch,
        eval_dataset=list(session.data.held_out) or None,
        callbacks=[Logging(log), Telling(session.say)] if place.leads else [],
    )
    with memory_told(session.device):  # the optimiser's moments come with the first step
        result = trainer.train(resume_from_checkpoint=None if start is None else str(start))
    trainer.accelerator.wait_for_everyone()
    done = TrainSummary(
        steps=trainer.state.global_step,
        resumed_at=resumed_at,
        loss=result.training_loss if trainer.state.global_step > resumed_at else None,
        path=scorer.path,
    )
    if place.sharded:
        trainer.save_model(str(request.out))  # every process gives its part
    if place.leads:
        if not place.sharded:
            scorer.policy.save(request.out, merge=request.merge)
        session.family.processor.save_pretrained(request.out)
        write_whole(request.out / POLICY_FILE, json.dumps(_told(request, session, done), indent=1).encode())
    return done


def training_arguments(session: Session, resumed_at: int) -> TrainingArguments:
    """The recipe as transformers has it."""
    recipe, optimiser, engine = session.request.recipe, session.request.recipe.optimiser, session.request.recipe.engine
    arguments = TrainingArguments(
        output_dir=str(session.checkpoints),
        max_steps=len(session.steps),
        per_device_train_batch_size=1,
        learning_rate=optimiser.learning_rate,
        lr_scheduler_type=optimiser.schedule.value,
        warmup_steps=optimiser.warmup,
        weight_decay=optimiser.weight_decay,
        max_grad_norm=optimiser.max_grad_norm,
        optim="adamw_bnb_8bit" if engine.eight_bit_optimiser else "adamw_torch",
        logging_steps=engine.log_every_steps,
        logging_nan_inf_filter=False,
        save_steps=engine.save_every_steps,
        save_total_limit=engine.keep_checkpoints,
        eval_strategy="steps" if session.data.held_out else "no",
        eval_steps=engine.evaluate_every_steps,
        eval_on_start=bool(session.data.held_out) and not resumed_at,
        report_to=[report.value for report in engine.report_to] or "none",
        seed=recipe.seed,
        disable_tqdm=True,
        remove_unused_columns=False,
        use_cpu=session.device == "cpu",
        ddp_find_unused_parameters=False,  # every forward uses all that is trained
        ddp_broadcast_buffers=False,  # they never change, and processes whose groups have more visuals would wait
        fsdp=session.place.sharded or None,  # type: ignore[arg-type]  # a word is the older form
        log_level="error",
    )
    arguments._n_gpu = min(1, arguments.n_gpu)  # several GPUs in one process would be nn.DataParallel
    return arguments


def _told(request: TrainRequest, session: Session, done: TrainSummary) -> dict[str, Any]:
    """What policy.json says."""
    kind = request.recipe.adapter.kind
    return {
        "kind": "weights" if request.merge or kind is AdapterKind.FULL else "adapter",
        "model": request.model,
        "family": session.family.name,
        "data": request.data,
        "data_fingerprint": request.opened.manifest.fingerprint,
        "dropped_pairs": len(session.data.drops),
        "num_frames": session.data.load.num_frames,
        "recipe_name": request.recipe_name,
        "recipe": request.recipe.model_dump(mode="json"),
        **done.told(),
    }


def sweep_attempt(out: Path) -> bool:
    """Clear an --out where a training has left nothing that it could go on from; whether that is so."""
    folders = [out / CHECKPOINTS, out / WORK / "reference", out / WORK / "features"]
    if (out / METRICS).is_file() or any(True for folder in folders for _ in folder.rglob("*.safetensors")):
        return False
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    return True


def finished(out: Path) -> TrainSummary:
    """What policy.json says of a training that has ended."""
    told = json.loads((out / POLICY_FILE).read_text(encoding="utf-8"))
    return TrainSummary(told["steps"], told["resumed_at"], told["loss"], ScorePath(told["path"]))


def _silent(_line: str) -> None:
    """Every process but the first says nothing."""


def _references(session: Session, policy: TrainedPolicy, path: ScorePath, kept: FeatureCache | None) -> References:
    """The reference; of a model whose own weights are trained, all its scores are made here."""
    loss = session.request.recipe.loss
    identity = ReferenceIdentity.of(session.family, policy.compute)
    cache = ReferenceCache.open(session.request.out / WORK / "reference", identity)
    references = References(policy, path, loss, cache, session.place, kept)
    if policy.config.kind is AdapterKind.FULL:
        trained = {group.group_id: group for step in session.steps for group in step.groups}
        with memory_told(session.device):
            needed = [] if loss.method is Method.SFT else list(trained.values())
            references.fill(needed, session.data.held_out, session.encoder, session.say)
    return references
