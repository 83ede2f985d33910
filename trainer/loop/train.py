"""One training: data sets and a model become a policy, resumed from wherever an earlier run stopped."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import torch
from transformers.utils.logging import disable_progress_bar

from schemas.errors import ModelError, OutputError
from schemas.policy import TrainSummary, UsedStep
from stages.models.video_llm.score import ScorePath, compare_paths
from trainer.data.step_order import groups_of
from trainer.loop.arguments import training_arguments
from trainer.loop.best_step import LastStepCallback
from trainer.loop.checkpoint import latest_complete, layout_of, step_of, sweep
from trainer.loop.estimate import (
    TrainingEstimate,
    estimate,
    out_of_memory_explained,
    peak_line,
    reset_peak,
)
from trainer.loop.group_scorer import GroupScorer
from trainer.loop.group_trainer import GroupTrainer
from trainer.loop.metrics_log import METRICS, MetricsLog
from trainer.loop.monitor import MetricsCallback, RunMonitor
from trainer.loop.policy_folder import write_policy
from trainer.loop.prefetch import StepFeed, open_feed
from trainer.loop.probe import probe_rows
from trainer.loop.progress import ProgressCallback, Say
from trainer.loop.ranks import Rank
from trainer.loop.reference_order import by_reference
from trainer.loop.reference_scores import fill_references
from trainer.loop.session import WORK, Session, TrainRequest
from trainer.loop.work import work_left
from trainer.policy.device import free_bytes
from trainer.policy.policy import TrainedPolicy, open_policy
from trainer.policy.requirements import advice
from trainer.policy.trained import CHECKPOINTS
from trainer.recipe import Method
from trainer.scoring.ready_group import ReadyGroup
from trainer.scoring.reference_cache import ReferenceCache, ReferenceIdentity, refuse_changed_head
from trainer.scoring.scorer import Scorer
from trainer.scoring.vision_cache import FeatureCache


@dataclass(frozen=True)
class Start:
    """Where a run begins."""

    checkpoint: Path | None
    """The complete checkpoint that it resumes from; null for a fresh start."""
    step: int
    """Optimiser steps done before."""


def train(request: TrainRequest, say: Say, rank: Rank | None = None) -> TrainSummary:
    """Train, or resume from where a run of the same identity stopped. Raises UserErrors.

    The caller must make sure that no other run uses `request.out`, and that it belongs to this recipe.
    """
    rank = rank or Rank()
    disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers' own; `say` reports progress
    session = Session(request, rank, say if rank.leads else _silent)
    for line in (*advice(request.recipe, session.device, rank.count), *session.data.lines()):
        session.say(line)
    free, recipe = free_bytes(session.device), request.recipe
    torch.manual_seed(recipe.seed)
    with out_of_memory_explained(session.device):
        policy = open_policy(
            session.family,
            recipe.adapter,
            recipe.run.precision,
            session.device,
            checkpointing=recipe.engine.checkpointing,
            start=session.start.adapter,
        )
        start = _start(session)
        scorer, estimated = _scorer(session, policy, free, start)
        return _trained(session, scorer, start, estimated)


def _start(session: Session) -> Start:
    """Find the last complete checkpoint. OutputError if it has another layout than this run."""
    if session.rank.leads:
        sweep(session.checkpoints)
    checkpoint = latest_complete(session.checkpoints)
    if checkpoint is None:
        return Start(None, 0)
    found = layout_of(checkpoint)
    if found != session.layout:
        raise OutputError(
            f"--out {session.request.out}: its last checkpoint is {found}, this run would write {session.layout}; use "
            "the engine.sharding, --workers and engine.eight_bit_optimiser that it began with, or another --out"
        )
    return Start(checkpoint, step_of(checkpoint))


def _scorer(session: Session, policy: TrainedPolicy, free: int, start: Start) -> tuple[GroupScorer, TrainingEstimate]:
    """Check the fast path, print what the run needs, and prepare the reference's scores."""
    recipe = session.request.recipe
    units = (unit for step in session.steps for unit in session.encoder.units(step.groups))
    first, feed = open_feed(
        session.encoder, units, session.data.sizes.tokens, session.feeders, session.unusables(start.step)
    )
    session.feed = feed
    check = compare_paths(policy.model, session.family, first.answers, warn=session.say)
    session.say(check.line())
    if session.rank.sharded and check.path is ScorePath.UNSHARED:
        raise ModelError(
            "engine.sharding=fsdp needs answers that share their prompt, because processes make their passes in step: "
            "use engine.sharding=ddp"
        )
    _warn_of_shared_times(session, policy)
    work = work_left(session.data, session.steps[start.step :], feed, first, session.rank, recipe, check.path)
    estimated = estimate(policy, recipe, free, work, check.path)
    for line in estimated.lines():
        session.say(line)
    if recipe.loss.needs_hidden:
        refuse_changed_head(policy.model)
    scorer = GroupScorer.of(recipe.loss, _opened(session, policy, check.path), session.rank)
    if recipe.asks_reference_first:
        session.data, session.steps = by_reference(session.data, recipe, scorer, feed, session.say)
    if not policy.keeps_reference:
        needed = [] if recipe.loss.method is Method.SFT else groups_of(session.steps)
        fill_references(scorer, needed, session.data.held_out, feed, session.say)
    return scorer, estimated


def _warn_of_shared_times(session: Session, policy: TrainedPolicy) -> None:
    """Print a line if the model gives several frames of the densest clip one position in time."""
    densest = session.data.densest()
    ready = session.encoder.attempt((densest,))
    if not isinstance(ready, ReadyGroup):
        return
    found = session.family.time_positions(policy.model, ready.answers)
    if found is not None and found.distinct < found.steps:
        session.say(
            f"{session.family.name} counts time in steps of {found.tick_seconds:g} s: the {found.steps} frame pairs of "
            f"clip {densest.clip_id}, the densest, have {found.distinct} distinct times; "
            "fewer frames (--set data.num_frames=N) are further apart"
        )


def _opened(session: Session, policy: TrainedPolicy, path: ScorePath) -> Scorer:
    """The scorer, with its caches in the work folder."""
    folder, family = session.request.out / WORK, session.family
    adapter = None if policy.start is None else policy.start.sha256
    cache = ReferenceCache.open(folder / "reference", ReferenceIdentity.of(family, policy.compute, adapter))
    features = FeatureCache(folder / "features", family) if session.request.recipe.engine.cache_features else None
    return Scorer(policy, path, cache, features)


def _trained(session: Session, scorer: GroupScorer, start: Start, estimated: TrainingEstimate) -> TrainSummary:
    """Make the remaining steps and write the policy."""
    if start.checkpoint is not None:
        session.say(f"resuming after step {start.step}")
    trainer = _trainer(session, scorer, start)
    reset_peak(session.device)
    result = trainer.train(resume_from_checkpoint=None if start.checkpoint is None else str(start.checkpoint))
    if (line := peak_line(session.device, estimated)) is not None:
        session.say(line)
    trainer.accelerator.wait_for_everyone()
    steps = trainer.state.global_step
    session.feed.unusables.settle(steps)
    summary = TrainSummary(
        steps=steps,
        resumed_at=start.step,
        loss=result.training_loss if steps > start.step else None,
        score_path=scorer.scorer.path.value,
        use=session.request.use,
        best_step=trainer.state.best_global_step,
        best_accuracy=trainer.state.best_metric,
    )
    if summary.best_step is not None:
        session.say(f"the best of {steps} steps is {summary.best_step}: held-out accuracy {summary.best_accuracy:.3f}")
    if summary.use is UsedStep.BEST and summary.best_step != steps:
        trainer.load_best()
    if session.rank.sharded:
        trainer.save_model(str(session.request.out))  # every process gives its part
    if session.rank.leads:
        write_policy(session, scorer.policy, summary)
    return summary


def _trainer(session: Session, scorer: GroupScorer, start: Start) -> GroupTrainer:
    """The step loop, with its log cut back to the step at which the run starts."""
    request, rank, held_out = session.request, session.rank, session.data.held_out
    log = MetricsLog(request.out / METRICS)
    if rank.leads:
        MetricsLog.resume(log.path, start.step)
    monitor = RunMonitor(
        feed=session.feed,
        held_out=held_out,
        probed=probe_rows(held_out, request.recipe.data.probe_questions),
        log=log,
        say=session.say,
        rank=rank,
    )
    arguments = training_arguments(
        request.recipe,
        session.checkpoints,
        session.device,
        rank,
        steps=len(session.steps),
        evaluates=bool(held_out),
        resumed=start.checkpoint is not None,
    )
    last_look = [LastStepCallback()] if held_out else []
    return GroupTrainer(
        scorer,
        StepFeed(session.steps, session.feed, rank),
        arguments,
        monitor,
        session.layout,
        eval_dataset=list(held_out) or None,
        callbacks=[*last_look, *([MetricsCallback(log), ProgressCallback(session.say)] if rank.leads else [])],
    )


def sweep_attempt(out: Path) -> bool:
    """Clear an --out that holds nothing from which a training could resume; returns whether that is so."""
    folders = [out / CHECKPOINTS, out / WORK / "reference", out / WORK / "features"]
    if (out / METRICS).is_file() or any(True for folder in folders for _ in folder.rglob("*.safetensors")):
        return False
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    return True


def _silent(_line: str) -> None:
    """Print nothing: what every process but the first does."""
