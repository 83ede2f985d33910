"""Training in several processes."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import ray
import torch
from ray.exceptions import WorkerCrashedError
from rich.console import Console
from safetensors.torch import load_file

from pipeline.engine.ray_processes import no_process_left
from pipeline.training.options import TrainOptions
from pipeline.training.run import run_train
from schemas.errors import OutputError, TrainingError
from schemas.pair import Pair
from tests.trainer.checkpoints import checkpoint
from tests.trainer.trainings import write_training_set
from trainer.launch import _user_error
from trainer.loop.metrics_log import METRICS, MetricsLog
from trainer.policy.trained import CHECKPOINTS, POLICY_FILE

ADAPTER = "adapter_model.safetensors"
OPTIONS = (
    "run.precision=float32",
    "run.max_steps=3",
    "run.pairs_per_step=3",
    "optimiser.learning_rate=0.01",
    "optimiser.warmup=0",
    "data.num_frames=2",
    "data.held_out_share=0.25",
    "data.probe_questions=0",
    "engine.device=cpu",
    "engine.save_every_steps=2",
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set in which the questions of one video have no visual negatives."""
    return _uneven_set(tmp_path_factory.mktemp("uneven") / "ds")


@pytest.fixture(scope="module")
def alone(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The policy that one process trains."""
    folder = tmp_path_factory.mktemp("alone")
    _train(data, folder, "ddp", 1)
    return folder


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """One cluster for all trainings."""
    with no_process_left():
        ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False)
        yield
        ray.shutdown()


@pytest.mark.ray
@pytest.mark.slow(60)
@pytest.mark.filterwarnings("ignore::DeprecationWarning:ray")  # Ray's own, about itself
@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize("sharding", ["ddp", "fsdp"])
def test_two_processes_train_as_one_does(data: Path, alone: Path, tmp_path: Path, sharding: str) -> None:
    """Steps of three groups are shared unevenly, one process repeating a group that does not count, and a video has no
    visual negatives: the gradients add up to those of one process, and so do losses and weights, up to the order of
    sums. So they do after a kill behind a checkpoint that left only some of the reference's scores.
    """
    together = tmp_path / "together"
    assert _train(data, together, sharding, 2) == 0
    _refuse_other(together, alone)
    (together / POLICY_FILE).unlink()
    shutil.rmtree(together / CHECKPOINTS / "checkpoint-3")
    entries = sorted((together / ".work" / "reference").rglob("*.safetensors"))
    for entry in entries[::2]:
        entry.unlink()
    assert _train(data, together, sharding, 2) == 2
    _refuse_other(together, alone)
    assert sorted((together / ".work" / "reference").rglob("*.safetensors")) != entries[1::2]


def test_why_a_training_ended_is_found_out() -> None:
    """A process's UserError is found inside Ray's errors, a dead process becomes one, a bug does not."""
    on_purpose = OutputError("the disk is full")
    assert _user_error(_failed(on_purpose)) is on_purpose
    assert isinstance(_user_error(_failed(WorkerCrashedError())), TrainingError)
    assert _user_error(_failed(KeyError("a bug"))) is None


def _failed(error: Exception) -> Exception:
    failure = RuntimeError("training failed")
    failure.worker_failures = {0: error}  # type: ignore[attr-defined]
    return failure


def _uneven_set(path: Path) -> Path:
    """The questions of its first video have no visual negatives."""
    videos: set[str] = set()

    def first_has_none(pair: Pair) -> Pair:
        videos.add(pair.video_id)
        return pair.model_copy(update={"visual_negatives": ()}) if len(videos) == 1 else pair

    return write_training_set(path, change=first_has_none)


def _train(data: Path, out: Path, sharding: str, workers: int) -> int:
    """Train; returns the step after which it resumed."""
    options = (*OPTIONS, f"engine.sharding={sharding}")
    model = str(checkpoint("qwen2_5_vl"))
    console = Console(quiet=True)
    summary = run_train(console, TrainOptions("vistadpo", (str(data),), model, str(out), options, workers=workers))
    assert summary is not None
    return summary.resumed_at


def _refuse_other(folder: Path, wanted: Path) -> None:
    """Fail unless weights and losses are those of `wanted`, and training has changed the weights."""
    found, expected = load_file(folder / ADAPTER), load_file(wanted / ADAPTER)
    assert any(float(weight.abs().max()) > 1e-3 for name, weight in expected.items() if "lora_B" in name)
    for name, weight in expected.items():
        assert torch.allclose(found[name], weight, atol=1e-5, rtol=0), name
    losses, expected_losses = (
        [record["loss"] for record in MetricsLog(one / METRICS).read() if "loss" in record] for one in (folder, wanted)
    )
    assert losses == pytest.approx(expected_losses, rel=1e-4)
