"""Training on several processes: Ray Train starts one a GPU, each does its part of every step."""

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
from schemas.problems import one_line
from trainer.loop.progress import Say
from trainer.loop.ranks import Place
from trainer.loop.train import WORK, TrainRequest, train
from trainer.policy.trained import POLICY_FILE, TrainSummary, finished
from trainer.recipe import Sharding

_EVERY_SECONDS = 0.5
_FREED_SECONDS = 60.0
"""How long the GPUs of a build that has just ended are waited for."""
SAID = "said.log"
"""What the first process tells, for the program that started it to pass on."""


def train_on_ray(request: TrainRequest, workers: int, say: Say) -> TrainSummary:
    """Train on `workers` processes of the connected cluster. UserError as of `train`; PlanError for resources."""
    gpus = wants_gpus(request)
    _wait_for(workers, "GPU" if gpus else "CPU")
    said = request.out / WORK / SAID
    said.unlink(missing_ok=True)
    trainer = TorchTrainer(
        _work,
        train_loop_config={"request": request},
        scaling_config=ScalingConfig(
            num_workers=workers, use_gpu=gpus, resources_per_worker=None if gpus else {"CPU": 1}
        ),
        run_config=RunConfig(storage_path=str(request.out / WORK / "ray"), name="train"),
    )
    with _passed_on(said, say):
        try:
            trainer.fit()
        except Exception as error:
            if (told := _told(error)) is None:
                raise  # a bug: its trace is wanted
            raise told from error
    if not (request.out / POLICY_FILE).is_file():
        raise OutputError(
            f"--out {request.out}: the first process has left its policy on another machine; "
            "give a folder on a disk that all nodes of the cluster share"
        )
    return finished(request.out)


def wants_gpus(request: TrainRequest) -> bool:
    """Whether each process gets a GPU: where the cluster has any, unless the recipe says otherwise."""
    device = request.recipe.engine.device
    return device != "cpu" and ray.cluster_resources().get("GPU", 0) > 0  # type: ignore[no-untyped-call]  # Ray's own


def _work(config: dict[str, Any]) -> None:
    """What each process does."""
    context = ray.train.get_context()
    request: TrainRequest = config["request"]
    ranks = context.get_world_size()
    sharded = ranks > 1 and request.recipe.engine.sharding is Sharding.FSDP
    place = Place(context.get_world_rank(), ranks, sharded)
    said = request.out / WORK / SAID

    def say(line: str) -> None:
        with said.open("a", encoding="utf-8") as stream:
            stream.write(line + "\n")

    train(request, say, place)


def _wait_for(workers: int, resource: str) -> None:
    """PlanError where the cluster has too few; waits a while for those that a build still gives back."""
    has = ray.cluster_resources().get(resource, 0)  # type: ignore[no-untyped-call]  # likewise
    if has < workers:
        raise PlanError(f"--workers {workers} needs as many {resource}s, this cluster has {has:g}; give fewer")
    end = time.monotonic() + _FREED_SECONDS
    while ray.available_resources().get(resource, 0) < workers:  # type: ignore[no-untyped-call]  # likewise
        if time.monotonic() > end:
            raise PlanError(f"--workers {workers}: other work holds the cluster's {resource}s; wait for it")
        time.sleep(_EVERY_SECONDS)


@contextmanager
def _passed_on(said: Path, say: Say) -> Iterator[None]:
    """Say what is written to a file, as it is written."""
    ended = threading.Event()

    def follow() -> None:
        position = 0
        while True:
            last = ended.wait(_EVERY_SECONDS)
            if said.exists():
                with said.open(encoding="utf-8") as stream:
                    stream.seek(position)
                    for line in iter(stream.readline, ""):
                        say(line.rstrip("\n"))
                    position = stream.tell()
            if last:
                return

    thread = threading.Thread(target=follow, name="said", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _told(error: BaseException) -> UserError | None:
    """What a worker raised on purpose, or that one has died, from inside the errors that Ray wraps it in; else None."""
    seen: BaseException | None = error
    died = False
    while seen is not None:
        failures = getattr(seen, "worker_failures", None) or {}
        for inner in (seen, *failures.values(), getattr(seen, "cause", None)):
            if isinstance(inner, UserError):
                return inner
            died = died or isinstance(inner, RayActorError | WorkerCrashedError | OutOfMemoryError)
        seen = seen.__cause__ or getattr(seen, "cause", None)
    said = one_line(error)[-400:]
    return TrainingError(f"a training process was ended from outside: {said}; run again to go on") if died else None
