"""One training: a finished set and a model become a policy, whatever part of it was done before."""

import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from transformers import TrainingArguments
from transformers.utils.logging import disable_progress_bar

from schemas.errors import ModelError, OutputError
from stages.models.video_llm import Family, open_family
from stages.models.video_llm.score import ScorePath, compare_paths
from trainer.data.shards import OpenSet
from trainer.data.step_order import OptimiserStep
from trainer.data.training_data import TrainingData, read_training_data
from trainer.loop.checkpoint import latest_complete, layout_of, step_of, sweep
from trainer.loop.estimate import Work, estimate, free_bytes, memory_told
from trainer.loop.group_trainer import GroupScorer, GroupTrainer
from trainer.loop.metrics_log import MetricsLog
from trainer.loop.monitor import Logging, RunWatch
from trainer.loop.objective import Objective
from trainer.loop.prefetch import GroupEncoder, StepFeed, refuse_empty
from trainer.loop.probe import probe_rows
from trainer.loop.progress import Say, Telling
from trainer.loop.ranks import Place
from trainer.loop.reference_scores import References
from trainer.policy.policy import TrainedPolicy, open_policy
from trainer.policy.requirements import device_for, refuse_unmet
from trainer.policy.trained import TrainSummary, note_finished, write_card
from trainer.recipe import AdapterKind, Method, TrainRecipe
from trainer.scoring.ready_group import ReadyGroup
from trainer.scoring.reference_cache import ReferenceCache, ReferenceIdentity, refuse_changed_head
from trainer.scoring.vision_cache import FeatureCache
from trainer.scoring.visual_scorer import VisualScorer

CHECKPOINTS = "checkpoints"
METRICS = "metrics.jsonl"
WORK = ".work"


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
        self.family = open_family(model)
        refuse_unmet(recipe, merge=self.request.merge, sharded=self.place.sharded)
        self.device = device_for(recipe, model, self.place.rank)
        self.data = read_training_data(self.request.opened, recipe, self.family.default_frames)
        self.steps = self.data.steps(recipe)
        refuse_empty(self.steps)

    @property
    def encoder(self) -> GroupEncoder:
        """Rows to what the model sees."""
        return GroupEncoder(self.data.load, self.family, self.request.recipe.loss.visual_levels)

    @property
    def checkpoints(self) -> Path:
        """Where they go."""
        return self.request.out / CHECKPOINTS

    @property
    def resumed_at(self) -> int:
        """The step that the last complete checkpoint was made after; 0 where there is none."""
        start = latest_complete(self.checkpoints)
        return 0 if start is None else step_of(start)

    @property
    def layout(self) -> str:
        """How checkpoints hold weights and moments: only a run of the same layout can go on from one."""
        sharding = "fsdp" if self.place.sharded else "whole"
        return f"{sharding}, moments in {8 if self.request.recipe.engine.eight_bit_optimiser else 32} bit"


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
        return _stepped(session, _scorer(session, policy, free))


def _scorer(session: Session, policy: TrainedPolicy, free: int) -> GroupScorer:
    """Check the fast path, tell what the run will take, and make the reference's scores."""
    recipe, encode = session.request.recipe, session.encoder
    largest = max((group for step in session.steps for group in step.groups), key=session.data.measure.tokens)
    first = encode(largest)
    check = compare_paths(policy.model, session.family, first.answers, warn=session.say)
    session.say(check.told())
    if session.place.sharded and check.path is ScorePath.UNSHARED:
        raise ModelError(
            "engine.sharding=fsdp needs answers that share their prompt, as processes make their passes in step: "
            "use engine.sharding=ddp"
        )
    for line in estimate(policy, recipe, session.device, free, _work_left(session, first)).lines():
        session.say(line)
    if recipe.loss.needs_hidden:
        refuse_changed_head(policy.model)
    objective = Objective(recipe.loss, policy.head if policy.head_is_frozen else None)
    kept = (
        FeatureCache(session.request.out / WORK / "features", session.family) if recipe.engine.cache_features else None
    )
    score = VisualScorer(session.family, check.path, kept)
    return GroupScorer(objective, _references(session, policy, score))


def _work_left(session: Session, largest: ReadyGroup) -> Work:
    """What this process has to do from the last checkpoint on; `largest` was read before, so it is encoded alone."""
    measure, ranks = session.data.measure, session.place.ranks
    by_part = [[encoded.shared_tokens for encoded in part.visuals] for part in largest.parts()]
    of_largest = sum(map(sum, by_part))
    scale = of_largest / max(1, measure.tokens(largest.rows))
    started = time.perf_counter()
    session.encoder(largest.rows)
    fed = (time.perf_counter() - started) / of_largest
    left = session.steps[session.resumed_at :]
    distinct = {group.group_id: group for step in left for group in step.groups}.values()
    is_held_against = session.request.recipe.loss.method is not Method.SFT
    return Work(
        tokens_per_step=[round(scale * sum(map(measure.tokens, step.groups))) // ranks for step in left],
        longest=max(by_part, key=sum),
        reference_tokens=round(scale * sum(map(measure.tokens, distinct))) // ranks if is_held_against else 0,
        feed_seconds_a_token=fed,
        sharers=ranks if session.place.sharded else 1,
    )


def _stepped(session: Session, scorer: GroupScorer) -> TrainSummary:
    """The steps that are left, and the policy."""
    request, place = session.request, session.place
    if place.leads:
        sweep(session.checkpoints)
    start, resumed_at = latest_complete(session.checkpoints), session.resumed_at
    if start is not None:
        _refuse_other_layout(request, start, session.layout)
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
        session.layout,
        eval_dataset=list(session.data.held_out) or None,
        callbacks=[Logging(log), Telling(session.say)] if place.leads else [],
    )
    result = trainer.train(resume_from_checkpoint=None if start is None else str(start))
    trainer.accelerator.wait_for_everyone()
    done = TrainSummary(
        steps=trainer.state.global_step,
        resumed_at=resumed_at,
        loss=result.training_loss if trainer.state.global_step > resumed_at else None,
        path=scorer.references.score.path,
    )
    if place.sharded:
        trainer.save_model(str(request.out))  # every process gives its part
    if place.leads:
        if not place.sharded:
            scorer.policy.save(request.out, merge=request.merge)
        session.family.processor.save_pretrained(request.out)
        told = _told(request, session)
        write_card(request.out, told)
        note_finished(request.out, told, done)
    return done


def _refuse_other_layout(request: TrainRequest, start: Path, layout: str) -> None:
    found = layout_of(start)
    if found != layout:
        raise OutputError(
            f"--out {request.out}: its last checkpoint is {found}, this run would write {layout}; go on with the "
            "engine.sharding, --workers and engine.eight_bit_optimiser that it began with, or give another --out"
        )


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
        ddp_find_unused_parameters=recipe.adapter.train_vision,  # a tower for images has parts that no video reaches
        ddp_broadcast_buffers=False,  # they never change, and processes whose groups have more visuals would wait
        fsdp=session.place.sharded or None,  # type: ignore[arg-type]  # a word is the older form
        log_level="error",
    )
    arguments._n_gpu = min(1, arguments.n_gpu)  # several GPUs in one process would be nn.DataParallel
    return arguments


def _told(request: TrainRequest, session: Session) -> dict[str, Any]:
    """What policy.json says of the policy, beside how the training went."""
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
    }


def sweep_attempt(out: Path) -> bool:
    """Clear an --out where a training has left nothing that it could go on from; whether that is so."""
    folders = [out / CHECKPOINTS, out / WORK / "reference", out / WORK / "features"]
    if (out / METRICS).is_file() or any(True for folder in folders for _ in folder.rglob("*.safetensors")):
        return False
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    return True


def _silent(_line: str) -> None:
    """Every process but the first says nothing."""


def _references(session: Session, policy: TrainedPolicy, score: VisualScorer) -> References:
    """The reference; of a model whose own weights are trained, all its scores are made here."""
    loss = session.request.recipe.loss
    identity = ReferenceIdentity.of(session.family, policy.compute)
    cache = ReferenceCache.open(session.request.out / WORK / "reference", identity)
    references = References(policy, score, loss, cache, session.place)
    if policy.config.kind is AdapterKind.FULL:
        trained = {group.group_id: group for step in session.steps for group in step.groups}
        needed = [] if loss.method is Method.SFT else list(trained.values())
        references.fill(needed, session.data.held_out, session.encoder, session.say)
    return references
