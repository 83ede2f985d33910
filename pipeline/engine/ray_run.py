"""The Ray run: every step an operator of Ray Data with its own pool of workers, one row per video."""

import gc
import pickle
from collections.abc import Callable, Sequence

import pyarrow as pa
import ray
import ray.data
from ray.data import ActorPoolStrategy, Dataset, ExecutionResources

from pipeline.engine.failure_ceiling import FailureCeiling
from pipeline.engine.pools import TASKS_IN_FLIGHT, Plan, plan_run
from pipeline.engine.ray_cluster import open_cluster, refuse_unshared
from pipeline.engine.ray_reports import ReportBox, open_reports
from pipeline.engine.run_spec import RunSpec
from pipeline.engine.steps import StepName, StepSpec
from pipeline.engine.video_task import Bug, Flight, Report
from pipeline.engine.worker import Worker
from pipeline.inputs.contents import Video

_ROW = pa.schema([pa.field("key", pa.string()), pa.field("flight", pa.large_binary())])
"""Ray sees a key and bytes, so it knows how large a row is; a row holds JPEG at most."""
_ATTEMPTS = 3
"""How often a video that a worker died of is given to another; Ray alone would go on for ever."""

_WAVE = 10_000
"""Videos that Ray is given at once: each is an object of its own that the driver must remember."""


def run_on_ray(spec: RunSpec, videos: Sequence[Video], tell: Callable[[Report], None]) -> None:
    """Take every video through every step; tells what each step did. Raises StageBugError at the first bug,
    OutputError where a unit cannot be written, CapError where too many videos fail.
    """
    if not videos:
        return
    ceiling = FailureCeiling(spec.engine.max_failed_share)
    with open_cluster(spec.engine.workers) as machine:
        refuse_unshared(spec.units.folder, videos)
        plan = plan_run(spec.engine, machine, len(videos))
        with open_reports(tell) as reports:
            for start in range(0, len(videos), _WAVE):
                rows = operators(spec, plan, videos[start : start + _WAVE], reports)
                for row in rows.iter_batches(batch_size=1, batch_format="pyarrow", prefetch_batches=0):
                    flight = _flight(row)
                    if flight.bug is not None:
                        raise flight.bug.exception()
                    ceiling.count(flight.drops)


def operators(spec: RunSpec, plan: Plan, videos: Sequence[Video], reports: ReportBox) -> Dataset:
    """The operators of a plan one behind the other, with one block per video.

    A step that is faster than the next one waits when the videos on their way fill what the plan gives them.
    """
    rows: Dataset = ray.data.from_arrow([_row(Flight(video)) for video in videos])
    limits = ExecutionResources.for_limits(object_store_memory=plan.flight_bytes)
    rows.context.execution_options.resource_limits = limits
    for operator in plan.operators:
        rows = rows.map_batches(
            _worker_class(operator.step),
            fn_constructor_args=(StepSpec.of(operator.step, spec), reports),
            batch_size=1,
            batch_format="pyarrow",
            compute=ActorPoolStrategy(size=operator.workers, max_tasks_in_flight_per_actor=TASKS_IN_FLIGHT),
            num_cpus=operator.num_cpus,
            num_gpus=operator.num_gpus or None,
        )
    return rows


class RayWorker:
    """A worker as Ray holds it: a row in, the row one step further out."""

    def __init__(self, spec: StepSpec, reports: ReportBox) -> None:
        self._step = spec.step
        self._worker = Worker(spec)
        self._reports = reports
        self._replaces_a_dead_one = ray.get_runtime_context().was_current_actor_reconstructed
        gc.freeze()  # what was imported lives as long as the worker: collecting need not walk it for every video

    def __call__(self, row: pa.Table) -> pa.Table:
        """Take the row's flight one step further."""
        before = _flight(row)
        if self._replaces_a_dead_one and self._reports.begin(self._step, before.video.content_sha256) >= _ATTEMPTS:
            death = Bug(self._step, before.video.ref.uri, f"the worker died {_ATTEMPTS} times", "")
            return _row(before.broken(death))
        after, report = self._worker(before)
        self._reports.add(report)
        return _row(after)


def _worker_class(step: StepName) -> type[RayWorker]:
    """A class of that name, so that Ray's dashboard and logs call the operator by its step."""
    return type(step.value.capitalize(), (RayWorker,), {})


def _row(flight: Flight) -> pa.Table:
    content = pickle.dumps(flight, protocol=5)
    return pa.table([[flight.video.content_sha256], [content]], schema=_ROW)


def _flight(row: pa.Table) -> Flight:
    flight: Flight = pickle.loads(row.column("flight")[0].as_py())  # noqa: S301 written by `_row`
    return flight
