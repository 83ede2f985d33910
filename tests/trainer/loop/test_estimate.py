"""The estimate of a training's memory and time. Covers speed, work and trainer/policy/device."""

from typing import Any

import pytest
import torch

from stages.models.video_llm import open_family
from stages.models.video_llm.score import ScorePath
from tests.trainer.checkpoints import checkpoint
from tests.trainer.groups_of_text import family_of, group_of
from tests.trainer.trainings import recipe
from trainer.loop.activations import kept_by_tower, measured_activations, rows_of
from trainer.loop.estimate import TrainingEstimate, estimate, peak_line
from trainer.loop.speed import measured_flops
from trainer.loop.work import Looks, Work
from trainer.policy.device import weights_of
from trainer.policy.policy import TrainedPolicy, open_policy
from trainer.recipe import AdapterConfig, AdapterKind, Precision


def opened(kind: AdapterKind) -> TrainedPolicy:
    """A tiny policy in float32."""
    return open_policy(family_of("qwen2_5_vl"), AdapterConfig(kind=kind), Precision.FLOAT32, "cpu", checkpointing=False)


def test_weights_are_counted_without_being_loaded() -> None:
    """As many as the loaded model has."""
    path = str(checkpoint("qwen2_5_vl"))
    loaded = open_family(path).load(dtype=torch.float32)
    assert weights_of(path) == sum(parameter.numel() for parameter in loaded.parameters())


@pytest.mark.parametrize("kind", [AdapterKind.LORA, AdapterKind.FULL])
def test_memory_is_of_what_is_held(kind: AdapterKind) -> None:
    """float32: 4 bytes a weight; of each that is trained, 4 more for its gradient and 8 for AdamW's moments.

    Activations are those of the longest part; processes that share a model each load all of its weights, and hold a
    part of the rest; processes that do not hold what they send of the gradients once more.
    """
    policy = opened(kind)
    weights = sum(parameter.numel() for parameter in policy.model.parameters())
    trained = sum(parameter.numel() for parameter in policy.model.parameters() if parameter.requires_grad)

    def held(**work: Any) -> TrainingEstimate:
        return estimate(policy, recipe(), 2**30, Work([100], [group_of("qwen2_5_vl")], **work), ScorePath.SPLIT)

    alone = held()
    assert (alone.weight_bytes, alone.optimiser_bytes) == (4 * weights, 12 * trained)
    rows = rows_of(group_of("qwen2_5_vl"), ScorePath.SPLIT)
    assert alone.activation_bytes == measured_activations(policy, ScorePath.SPLIT).peak(rows)
    shared = held(sharers=4)
    assert (shared.weight_bytes, shared.optimiser_bytes) == (4 * weights, 12 * trained // 4)
    assert held(sends_gradients=True).optimiser_bytes == 16 * trained


def test_a_tower_that_is_trained_is_counted() -> None:
    """What it keeps of each visual is held beside the language model's."""
    config = AdapterConfig(kind=AdapterKind.FULL, train_vision=True)
    policy = open_policy(family_of("qwen2_5_vl"), config, Precision.FLOAT32, "cpu", checkpointing=False)
    work = Work([100], [group_of("qwen2_5_vl")] * 2)
    frozen, trained = (
        estimate(policy, recipe(adapter={"kind": "full", "train_vision": vision}), 2**30, work, ScorePath.SPLIT)
        for vision in (False, True)
    )
    tower = kept_by_tower(policy, group_of("qwen2_5_vl"))
    assert trained.activation_bytes - frozen.activation_bytes == 2 * tower
    pixels = group_of("qwen2_5_vl").vision["pixel_values_videos"]
    assert tower > len(pixels) * 3 * 32 * 4, "keys, queries and values alone, of 32 numbers a patch"


def test_what_may_not_fit_comes_with_what_to_lower() -> None:
    """3 GiB of 2, and 1.9 of 2, which leaves no margin: the last line names keys; 1 of 2: it does not."""
    gib = 2**30
    for activations, lines in ((2 * gib, 3), (int(0.9 * gib), 3), (0, 2)):
        told = list(TrainingEstimate(gib, 0, activations, 2 * gib, 1.5, 0.5, 100, 60.0).lines())
        assert len(told) == lines
    assert told[0] == "memory: about 1.0 GiB of 2.0 free: weights 1.0, gradients and optimiser 0.0, activations 0.0"
    assert told[1] == "time: about 0:03:30: 100 steps of 1.5 s; reference scores 0:01:00"


def test_looks_count_into_the_time() -> None:
    """Three looks of 100 s beside 2 minutes of steps: 7 minutes, and the line says for what."""
    [_, line] = TrainingEstimate(0, 0, 0, 1, 1.0, 0.0, 120, 0.0, look_seconds=100.0, looks=3).lines()
    assert line == "time: about 0:07:00: 120 steps of 1 s; 3 looks at held-out groups 0:05:00"


def test_a_step_waits_for_its_videos() -> None:
    """Groups of 600 tokens a step, and 1/600 s to make one token ready: 1 s a step, and it says of what. A look that
    scores 1,200 tokens waits for 2 s of them.
    """
    looks = Looks(count=2, tokens=1200, new_tokens=3)
    work = Work([600] * 10, [group_of("qwen2_5_vl")], feed_seconds_per_token=1 / 600, looks=looks)
    found = estimate(opened(AdapterKind.LORA), recipe(), 2**30, work, ScorePath.SPLIT)
    assert found.step_seconds == found.feed_seconds == pytest.approx(1.0)
    assert "10 steps of 1 s, most of it for decoding and encoding the videos" in list(found.lines())[1]
    assert found.look_seconds > 2.0


@pytest.mark.parametrize(("device", "said"), [("cuda:0", "memory: 3.0 GiB at the peak, estimated 2.5"), ("cpu", None)])
def test_the_peak_is_told_beside_the_estimate(device: str, said: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a GPU, whose allocator knows it: 3 GiB, of which 2.5 were expected."""
    gib = 2**30
    monkeypatch.setattr("torch.cuda.max_memory_allocated", lambda _device: 3 * gib)
    assert peak_line(device, TrainingEstimate(gib, gib, gib // 2, 0, 0.0, 0.0, 0, 0.0)) == said


def test_the_speed_of_the_device_is_measured() -> None:
    """Any machine does between a megaflop and an exaflop a second."""
    assert 1e6 < measured_flops("cpu", torch.float32) < 1e18
