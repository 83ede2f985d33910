"""The Ray run: every step an operator of Ray Data with its own pool of workers, one row per video."""

import asyncio
import gc
import pickle
from collections.abc import Callable, Sequence
from math import ceil

import pyarrow as pa
import ray
import ray.data
from ray.data import ActorPoolStrategy, Dataset, ExecutionResources

from pipeline.endpoint.asking import ChatOpener
from pipeline.engine.failure_ceiling import FailureCeiling
from pipeline.engine.isolated_env import runtime_env_of
from pipeline.engine.pools import Operator, Plan, plan_run
from pipeline.engine.ray_cluster import open_cluster, refuse_unshared
from pipeline.engine.ray_gate import open_gate
from pipeline.engine.ray_reports import ReportBox, open_reports
from pipeline.engine.run_spec import RunSpec
from pipeline.engine.steps import StepSpec
from pipeline.engine.video_task import StageBug, StepReport, VideoTask
from pipeline.engine.worker import Worker
from pipeline.inputs.contents import Video
from schemas.errors import UserError

_ROW = pa.schema([pa.field("key", pa.string()), pa.field("task", pa.large_binary())])
"""Ray sees a key and bytes, so it knows the size of a row; a row holds JPEG, never pixels."""
_ATTEMPTS = 3
"""How often a video is tried whose worker died; Ray alone would try for ever."""

_WAVE = 10_000
"""Videos that Ray gets at once: the driver keeps an object for each."""


def run_on_ray(spec: RunSpec, videos: Sequence[Video], on_report: Callable[[StepReport], None]) -> None:
    """Take every video through every step; `on_report` gets a report of each step.

    Raises: StageBugError at the first bug; OutputError if a unit cannot be written; CapError if too many videos fail.
    """
    if not videos:
        return
    ceiling = FailureCeiling(spec.engine.max_failed_share)
    with open_cluster(spec.engine.workers) as machine:
        refuse_unshared(spec.units.folder, videos)
        plan = plan_run(spec.steps, spec.engine, machine, len(videos))
        with open_gate(spec.asking) as chat, open_reports(on_report) as reports:
            for start in range(0, len(videos), _WAVE):
                rows = operators(spec, plan, videos[start : start + _WAVE], reports, chat)
                for row in rows.iter_batches(batch_size=1, batch_format="pyarrow", prefetch_batches=0):
                    [task] = _tasks(row)
                    if task.bug is not None:
                        raise task.bug.exception()
                    ceiling.count(task.drops)


def operators(
    spec: RunSpec, plan: Plan, videos: Sequence[Video], reports: ReportBox, chat: ChatOpener | None = None
) -> Dataset:
    """The operators of a plan, one after the other, with one block per video.

    A step that is faster than the next one waits once the videos between the steps fill the memory planned for them.
    """
    rows: Dataset = ray.data.from_arrow([_rows([VideoTask(video)]) for video in videos])
    limits = ExecutionResources.for_limits(object_store_memory=plan.task_bytes)
    rows.context.execution_options.resource_limits = limits
    for operator in plan.operators:
        rows = rows.map_batches(
            _worker_class(operator),
            fn_constructor_args=(StepSpec.of(operator.setup, spec, chat), reports),
            batch_size=operator.batch,
            batch_format="pyarrow",
            compute=_pool(operator),
            num_cpus=operator.num_cpus,
            num_gpus=operator.num_gpus or None,
            runtime_env=runtime_env_of(operator.setup),
        )
    return rows


class RayWorker:
    """A worker as Ray holds it: rows in, the rows one step further out."""

    def __init__(self, spec: StepSpec, reports: ReportBox) -> None:
        self._step = spec.setup.name
        self._refusal: StageBug | None = None
        self._worker = self._opened(spec)
        self._reports = reports
        self._replaces_a_dead_one = ray.get_runtime_context().was_current_actor_reconstructed
        gc.freeze()  # imported modules live as long as the worker: garbage collection need not visit them each time

    def __call__(self, rows: pa.Table) -> pa.Table:
        """Take the tasks of the rows one step further."""
        after: list[VideoTask] = []
        if self._worker is None:
            return _rows([self._refused(task) for task in _tasks(rows)])
        for batch in self._batches(_tasks(rows)):
            for task, report in self._worker.advance(batch):
                self._reports.add(report)
                after.append(task)
        return _rows(after)

    def _opened(self, spec: StepSpec) -> Worker | None:
        """The open worker. None if the user's input does not let it open: left to Ray, that would be a stack trace."""
        try:
            return Worker(spec)
        except UserError as error:
            self._refusal = StageBug.of(self._step, self._step, error)
            return None

    def _refused(self, task: VideoTask) -> VideoTask:
        """The task with the reason why the worker did not open, which ends the run."""
        return task.broken(self._refusal) if self._refusal else task

    def _batches(self, tasks: list[VideoTask]) -> list[list[VideoTask]]:
        """All at once; one by one in a worker that replaces a dead one, so that the video it died of is known."""
        if not self._replaces_a_dead_one:
            return [tasks]
        return [[self._given_up(task) or task] for task in tasks]

    def _given_up(self, task: VideoTask) -> VideoTask | None:
        """The task with a bug if its workers have died too often."""
        if self._reports.begin(self._step, task.video.content_sha256) < _ATTEMPTS:
            return None
        return task.broken(StageBug(self._step, task.video.ref.uri, f"the worker died {_ATTEMPTS} times", ""))


class WaitingRayWorker(RayWorker):
    """A worker of a step that waits: Ray calls it for many rows at a time, all on one event loop."""

    async def __call__(self, rows: pa.Table) -> pa.Table:
        """Take the tasks of the rows one step further, all at once."""
        return _rows(await asyncio.gather(*(self._advanced(task) for task in _tasks(rows))))

    async def _advanced(self, task: VideoTask) -> VideoTask:
        if self._replaces_a_dead_one and (given_up := self._given_up(task)):
            return given_up
        if self._worker is None:
            return self._refused(task)
        after, report = await self._worker.advance_waiting(task)
        self._reports.add(report)
        return after


def _worker_class(operator: Operator) -> type[RayWorker]:
    """A class of the step's name, so that Ray's dashboard and logs call the operator by it."""
    kind = WaitingRayWorker if operator.setup.waits else RayWorker
    return type(operator.name.title().replace("_", ""), (kind,), {})


def _pool(operator: Operator) -> ActorPoolStrategy:
    return ActorPoolStrategy(
        size=operator.workers,
        max_tasks_in_flight_per_actor=ceil(operator.in_flight / operator.batch),
        max_concurrent_calls_per_actor=operator.in_flight if operator.setup.waits else None,
    )


def _rows(tasks: Sequence[VideoTask]) -> pa.Table:
    keys = [task.video.content_sha256 for task in tasks]
    return pa.table([keys, [pickle.dumps(task, protocol=5) for task in tasks]], schema=_ROW)


def _tasks(rows: pa.Table) -> list[VideoTask]:
    return [pickle.loads(content) for content in rows.column("task").to_pylist()]  # noqa: S301 written by `_rows`
