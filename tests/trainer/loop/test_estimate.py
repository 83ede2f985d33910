"""The estimate of a training's memory and time. Covers work and trainer/policy/device."""

import pytest
import torch

from stages.models.video_llm import open_family
from tests.trainer.checkpoints import checkpoint
from tests.trainer.trainings import recipe
from trainer.loop.estimate import TrainingEstimate, estimate, measured_flops
from trainer.loop.work import Work
from trainer.policy.device import weights_of
from trainer.policy.policy import open_policy
from trainer.recipe import AdapterConfig, AdapterKind, Precision


def test_weights_are_counted_without_being_loaded() -> None:
    """As many as the loaded model has."""
    path = str(checkpoint("qwen2_5_vl"))
    loaded = open_family(path).load(dtype=torch.float32)
    assert weights_of(path) == sum(parameter.numel() for parameter in loaded.parameters())


@pytest.mark.parametrize("kind", [AdapterKind.LORA, AdapterKind.FULL])
def test_memory_is_of_what_is_held(kind: AdapterKind) -> None:
    """float32: 4 bytes a weight; of each that is trained, 4 more for its gradient and 8 for AdamW's moments.

    Activations grow with the tokens of all visuals, and fall where they are computed a second time. Processes that
    share a model each load all of its weights, and hold a part of the rest.
    """
    policy = open_policy(
        open_family(str(checkpoint("qwen2_5_vl"))),
        AdapterConfig(kind=kind),
        Precision.FLOAT32,
        "cpu",
        checkpointing=False,
    )
    weights = sum(parameter.numel() for parameter in policy.model.parameters())
    trained = sum(parameter.numel() for parameter in policy.model.parameters() if parameter.requires_grad)
    kept = estimate(policy, recipe(), "cpu", 2**30, Work([100, 300], [100]))
    assert kept.weight_bytes == 4 * weights
    assert kept.optimiser_bytes == 12 * trained
    for visuals in ([200], [100, 60, 40]):
        held = estimate(policy, recipe(), "cpu", 2**30, Work([100], visuals))
        assert held.activation_bytes == 2 * kept.activation_bytes
    again = estimate(policy, recipe(engine={"checkpointing": True}), "cpu", 2**30, Work([100], [100]))
    assert again.activation_bytes < kept.activation_bytes
    shared = estimate(policy, recipe(), "cpu", 2**30, Work([100], [100], sharers=4))
    assert (shared.weight_bytes, shared.optimiser_bytes) == (kept.weight_bytes, kept.optimiser_bytes // 4)


def test_what_may_not_fit_comes_with_what_to_lower() -> None:
    """3 GiB of 2: the last line names keys; 1 of 2: it does not."""
    gib = 2**30
    for activations, lines in ((2 * gib, 3), (0, 2)):
        told = list(TrainingEstimate(gib, 0, activations, 2 * gib, 1.5, 0.5, 100, 60.0).lines())
        assert len(told) == lines
    assert told[0] == "memory: about 1.0 GiB of 2.0 free: weights 1.0, gradients and optimiser 0.0, activations 0.0"
    assert told[1] == "time: about 0:03:30: 100 steps of 1.5 s; reference scores 0:01:00"


def test_a_step_waits_for_its_videos() -> None:
    """Groups of 600 tokens a step, and 1/600 s to make one token ready: 1 s a step, and it says of what."""
    policy = open_policy(
        open_family(str(checkpoint("qwen2_5_vl"))), AdapterConfig(), Precision.FLOAT32, "cpu", checkpointing=False
    )
    found = estimate(policy, recipe(), "cpu", 2**30, Work([600] * 10, [200, 100], feed_seconds_per_token=1 / 600))
    assert found.step_seconds == found.feed_seconds == pytest.approx(1.0)
    assert "10 steps of 1 s, most of it for decoding and encoding the videos" in list(found.lines())[1]


def test_the_speed_of_the_device_is_measured() -> None:
    """Any machine does between a megaflop and an exaflop a second."""
    assert 1e6 < measured_flops("cpu", torch.float32) < 1e18
