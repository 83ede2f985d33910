"""Training on several processes."""

from pathlib import Path

import pytest
import torch
from rich.console import Console
from safetensors.torch import load_file

from pipeline.training import Training, run_train
from tests.trainer.checkpoints import checkpoint
from tests.trainer.trainings import training_set

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
)


@pytest.mark.ray
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning:ray")  # Ray's own, about itself
@pytest.mark.parametrize("sharding", ["ddp", "fsdp"])
def test_two_processes_train_as_one_does(tmp_path: Path, sharding: str) -> None:
    """Steps of three groups are shared unevenly, one process repeating a group that does not count: the gradients add
    up to those of one process, and so do log and weights, up to the order of sums.
    """
    console = Console(quiet=True)
    for workers in (1, 2):
        out = str(tmp_path / str(workers))
        run_train(
            console,
            Training(
                "vistadpo",
                str(training_set()),
                str(checkpoint("qwen2_5_vl")),
                out,
                (*OPTIONS, f"engine.sharding={sharding}"),
                workers=workers,
            ),
        )
    alone, together = (load_file(tmp_path / str(workers) / "adapter_model.safetensors") for workers in (1, 2))
    for name, weight in alone.items():
        assert torch.allclose(together[name], weight, atol=1e-5, rtol=0), name
    assert any(float(weight.abs().max()) > 1e-3 for name, weight in alone.items() if "lora_B" in name)
