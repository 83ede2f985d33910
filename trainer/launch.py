"""Training in several processes: Ray Train starts one per GPU, and each does its part of every step."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ray
import ray.train
from ray.exceptions import OutOfMemoryError, RayActorError, WorkerCrashedError
from ray.train import RunConfig, ScalingConfig
from ray.train.torch import TorchTrainer

from schemas.errors import OutputError, PlanError, TrainingError, UserError
from schemas.policy import TrainSummary
from schemas.problems import one_line
from trainer.loop.progress import Say
from trainer.loop.ranks import Rank
from trainer.loop.session import WORK, TrainRequest
from trainer.loop.train import train
from trainer.policy.trained import POLICY_FILE, trained_of
from trainer.recipe import Sharding

_EVERY_SECONDS = 0.5
_FREED_SECONDS = 60.0
"""How long to wait for the GPUs of a build that has just ended."""
OUTPUT = "output.log"
"""What the first process prints, for the program that started it to print too."""


def train_on_ray(request: TrainRequest, workers: int, say: Say) -> TrainSummary:
    """Train in `workers` processes of the connected cluster. UserErrors of `train`; PlanError about resources."""
    gpus = wants_gpus(request)
    _wait_for(workers, "GPU" if gpus else "CPU")
    output = request.out / WORK / OUTPUT
    output.unlink(missing_ok=True)
    trainer = TorchTrainer(
        _work,
        train_loop_config={"request": request},
        scaling_config=ScalingConfig(
            num_workers=workers, use_gpu=gpus, resources_per_worker=None if gpus else {"CPU": 1}
        ),
        run_config=RunConfig(storage_path=str(request.out / WORK / "ray"), name="train"),
    )
    with _followed(output, say):
        try:
            trainer.fit()
        except Exception as error:
            if (known := _user_error(error)) is None:
                raise  # a bug: its trace is needed
            raise known from error
    trained = trained_of(str(request.out), "--out") if (request.out / POLICY_FILE).is_file() else None
    if trained is None:
        raise OutputError(
            f"--out {request.out}: the first process wrote its policy on another machine; "
            "give a folder on a disk that all nodes of the cluster share"
        )
    return trained.manifest.training


def wants_gpus(request: TrainRequest) -> bool:
    """Whether each process gets a GPU: if the cluster has any, unless the recipe sets another device."""
    device = request.recipe.engine.device
    return device != "cpu" and ray.cluster_resources().get("GPU", 0) > 0  # type: ignore[no-untyped-call]  # Ray's own


def _work(config: dict[str, Any]) -> None:
    """Train in one process of the cluster."""
    context = ray.train.get_context()
    request: TrainRequest = config["request"]
    count = context.get_world_size()
    sharded = count > 1 and request.recipe.engine.sharding is Sharding.FSDP
    rank = Rank(context.get_world_rank(), count, sharded)
    output = request.out / WORK / OUTPUT

    def say(line: str) -> None:
        with output.open("a", encoding="utf-8") as stream:
            stream.write(line + "\n")

    train(request, say, rank)


def _wait_for(workers: int, resource: str) -> None:
    """Raise PlanError if the cluster has too few; wait a while for those that a build still holds."""
    has = ray.cluster_resources().get(resource, 0)  # type: ignore[no-untyped-call]  # Ray's own
    if has < workers:
        raise PlanError(f"--workers {workers} needs {workers} {resource}s, this cluster has {has:g}; use fewer")
    end = time.monotonic() + _FREED_SECONDS
    while ray.available_resources().get(resource, 0) < workers:  # type: ignore[no-untyped-call]  # Ray's own
        if time.monotonic() > end:
            raise PlanError(f"--workers {workers}: other work uses the cluster's {resource}s; wait for it to end")
        time.sleep(_EVERY_SECONDS)


@contextmanager
def _followed(output: Path, say: Say) -> Iterator[None]:
    """Print what is written to a file, as it is written."""
    ended = threading.Event()

    def follow() -> None:
        position = 0
        while True:
            last = ended.wait(_EVERY_SECONDS)
            if output.exists():
                with output.open(encoding="utf-8") as stream:
                    stream.seek(position)
                    for line in iter(stream.readline, ""):
                        say(line.rstrip("\n"))
                    position = stream.tell()
            if last:
                return

    thread = threading.Thread(target=follow, name="output", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _user_error(error: BaseException) -> UserError | None:
    """The UserError of a worker, or one about a dead worker, from inside the errors that Ray wraps it in; else None."""
    seen: BaseException | None = error
    died = False
    while seen is not None:
        failures = getattr(seen, "worker_failures", None) or {}
        for inner in (seen, *failures.values(), getattr(seen, "cause", None)):
            if isinstance(inner, UserError):
                return inner
            died = died or isinstance(inner, RayActorError | WorkerCrashedError | OutOfMemoryError)
        seen = seen.__cause__ or getattr(seen, "cause", None)
    if not died:
        return None
    return TrainingError(f"a training process was killed: {one_line(error)[-400:]}; run the same command to resume")
