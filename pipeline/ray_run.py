"""The Ray run: every step an operator of Ray Data with its own pool of workers, one row per video."""

import pickle
from collections.abc import Callable, Sequence

import pyarrow as pa
import ray
import ray.data
from ray.data import ActorPoolStrategy, Dataset

from pipeline.cluster import open_cluster, refuse_unshared
from pipeline.flight import Flight, Report, StageBugError
from pipeline.inputs.contents import Video
from pipeline.plan import TASKS_IN_FLIGHT, Operator, Plan, plan_run
from pipeline.reports import open_reports
from pipeline.runspec import RunSpec
from pipeline.steps import StepName
from pipeline.worker import Worker

_ROW = pa.schema([pa.field("key", pa.string()), pa.field("flight", pa.large_binary())])
"""Ray sees a key and bytes, so it knows how large a row is; a row holds JPEG at most."""
_RESTARTS = 3
"""How often a worker that died is started again, and its video tried again; the default is for ever."""


def run_on_ray(spec: RunSpec, videos: Sequence[Video], tell: Callable[[Report], None]) -> None:
    """Take every video through every step; tells what each step did. Raises StageBugError at the first bug."""
    if not videos:
        return
    with open_cluster(spec.engine.workers) as machine:
        refuse_unshared(spec.units.folder, videos)
        plan = plan_run(spec.engine, machine)
        with open_reports(tell) as reports:
            for row in dataset(spec, plan, videos, reports.sink).iter_batches(batch_size=1, batch_format="pyarrow"):
                flight = _flight(row)
                if flight.bug is not None:
                    raise StageBugError(flight.bug)


def dataset(spec: RunSpec, plan: Plan, videos: Sequence[Video], sink: object) -> Dataset:
    """The operators of a plan in a row, one block per video."""
    rows = ray.data.from_arrow([_row(Flight(video)) for video in videos])
    for operator in plan.operators:
        rows = rows.map_batches(
            RayWorker,
            fn_constructor_args=(operator.step, spec, sink),
            batch_size=1,
            batch_format="pyarrow",
            compute=ActorPoolStrategy(size=operator.workers, max_tasks_in_flight_per_actor=TASKS_IN_FLIGHT),
            **_resources(operator),
        )
    return rows


class RayWorker:
    """A worker as Ray holds it: a row in, the row one step further out."""

    def __init__(self, step: StepName, spec: RunSpec, sink: "ray.actor.ActorHandle") -> None:
        self._worker = Worker(step, spec)
        self._sink = sink

    def __call__(self, row: pa.Table) -> pa.Table:
        """Take the row's flight one step further."""
        flight, report = self._worker(_flight(row))
        self._sink.add.remote(report)
        return _row(flight)


def _resources(operator: Operator) -> dict[str, float]:
    asked: dict[str, float] = {"num_cpus": operator.num_cpus, "max_restarts": _RESTARTS, "max_task_retries": _RESTARTS}
    return asked | ({"num_gpus": operator.num_gpus} if operator.num_gpus else {})


def _row(flight: Flight) -> pa.Table:
    content = pickle.dumps(flight, protocol=5)
    return pa.table([[flight.video.content_sha256], [content]], schema=_ROW)


def _flight(row: pa.Table) -> Flight:
    flight: Flight = pickle.loads(row.column("flight")[0].as_py())  # noqa: S301 written by `_row`
    return flight
