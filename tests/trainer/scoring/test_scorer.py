"""Scores by a policy and by its reference, on one set of weights."""

from pathlib import Path

import pytest
import torch

from stages.models.video_llm.score import ScorePath
from tests.trainer.groups_of_text import family_of, group_of, model_of
from trainer.policy.policy import TrainedPolicy, open_policy
from trainer.recipe import AdapterConfig, Precision
from trainer.scoring.reference_cache import ReferenceCache, ReferenceIdentity
from trainer.scoring.scorer import Scorer
from trainer.scoring.vision_cache import FeatureCache

NAME = "qwen2_5_vl"


def changed_policy() -> TrainedPolicy:
    """A policy whose adapter changes every score."""
    policy = open_policy(family_of(NAME), AdapterConfig(), Precision.FLOAT32, "cpu", checkpointing=False)
    torch.manual_seed(0)
    for name, weight in policy.model.named_parameters():
        if "lora_B" in name:
            weight.data.normal_()
    return policy


@pytest.mark.parametrize("keeps_features", [False, True])
def test_the_reference_is_what_the_policy_started_from(tmp_path: Path, keeps_features: bool) -> None:
    """With the adapter off it scores as the checkpoint does, to the bit; the policy scores otherwise, with gradient."""
    policy, group = changed_policy(), group_of(NAME)
    cache = ReferenceCache.open(tmp_path / "reference", ReferenceIdentity.of(policy.family, policy.compute))
    features = FeatureCache(tmp_path / "features", policy.family) if keeps_features else None
    scorer = Scorer(policy, ScorePath.SPLIT, cache, features)
    plain = Scorer(
        TrainedPolicy(policy.family, model_of(NAME, torch.float32), policy.config, policy.compute),
        ScorePath.SPLIT,
        cache,
    )
    reference, own = scorer.of_reference(group, hidden=True), scorer.own(policy.model, group, hidden=False)
    expected = plain.of_reference(group, hidden=True)
    assert torch.equal(reference.logprobs_KT, expected.logprobs_KT)
    assert reference.hidden_KTD is not None
    assert torch.equal(reference.hidden_KTD, expected.hidden_KTD)  # type: ignore[arg-type]
    assert own.logprobs_KT.requires_grad
    assert not torch.allclose(own.logprobs_KT, reference.logprobs_KT, atol=1e-2)
    assert any((tmp_path / "features").rglob("*.safetensors")) == keeps_features
