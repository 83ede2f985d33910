"""The Ray cluster that a run uses: the one it was started on, or a small one of its own."""

import logging
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import ray
import ray.data
from ray._private.resource_and_label_spec import ResourceAndLabelSpec  # Ray offers it nowhere else without a start
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from pipeline.engine.machine import Machine
from pipeline.engine.ray_processes import no_process_left
from pipeline.engine.ray_start import connect, cpus_here
from pipeline.engine.ray_stderr import without_noise
from pipeline.engine.signals import stop_on_signals
from pipeline.inputs.contents import Video
from pipeline.storage.location import Location
from schemas.errors import OutputError, VideosError


@contextmanager
def open_cluster(cpus: int | None) -> Iterator[Machine]:
    """Connect to RAY_ADDRESS, as inside a job, or start Ray here with `cpus` CPUs; disconnect or stop it at the end,
    with every process that it has started.

    A cluster that is connected already is used as it is, and stays connected. Raises ClusterError if there is none.
    """
    if ray.is_initialized():
        _quieten()
        yield _machine()
        return
    with without_noise(), no_process_left():
        try:
            connect(cpus)
            _quieten()
            with stop_on_signals():  # ray.init has replaced the handlers
                yield _machine()
        finally:
            ray.shutdown()


def machine_here(cpus: int | None) -> Machine:
    """The machine that `open_cluster` would find if it started Ray here: GPUs and memory as Ray counts them."""
    counted = ResourceAndLabelSpec(num_cpus=cpus_here(cpus)).resolve(is_head=True)
    return Machine.of_resources(counted.to_resource_dict())  # type: ignore[no-untyped-call]  # Ray's own


def _machine() -> Machine:
    return Machine.of_resources(ray.cluster_resources())  # type: ignore[no-untyped-call]  # Ray's own


def _quieten() -> None:
    """Silence the progress bars of Ray Data: the program has its own. Its warnings stay."""
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    context.issue_detectors_config.high_memory_detector_config.detection_time_interval_s = -1  # the plan counts memory
    logging.getLogger("ray.data").setLevel(logging.WARNING)
    logging.getLogger("ray.data._internal.progress").setLevel(logging.ERROR)


def refuse_unshared(out: Location, videos: Sequence[Video]) -> None:
    """Raise OutputError or VideosError if a node of the cluster does not see a folder or video of this machine."""
    nodes = [node["NodeID"] for node in ray.nodes() if node["Alive"]]  # type: ignore[no-untyped-call]  # Ray's own
    if len(nodes) < 2:
        return
    probe = out / f"probe-{uuid.uuid4().hex}"
    paths = [video.location for video in videos[:1] if video.location.is_local]
    look = ray.remote(num_cpus=0)(_sees)
    probe.write_bytes(b"")
    try:
        asked = [
            look.options(scheduling_strategy=NodeAffinitySchedulingStrategy(node, soft=False)).remote([probe, *paths])
            for node in nodes
        ]
        seen = ray.get(asked)
    finally:
        probe.delete()
    if not all(sees[0] for sees in seen):
        raise OutputError(
            f"--out {out} is not shared by all {len(nodes)} nodes of the cluster; use s3:// or a shared disk"
        )
    if not all(all(sees) for sees in seen):
        raise VideosError(
            f"--videos is not shared by all {len(nodes)} nodes of the cluster; use s3:// or a shared disk"
        )


def _sees(locations: list[Location]) -> list[bool]:
    return [location.is_file() for location in locations]
