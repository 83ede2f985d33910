"""policy.json as a record."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.policy import POLICY_VERSION, PolicyManifest
from schemas.problems import first_problem

FIELDS: dict[str, Any] = {
    "version": POLICY_VERSION,
    "kind": "adapter",
    "model": "someone/some-model",
    "family": "qwen2_5_vl",
    "data": [{"path": "ds", "fingerprint": "f" * 64}],
    "dropped_pairs": 0,
    "num_frames": 8,
    "recipe_name": "dpo",
    "recipe": {"seed": 0},
    "training": {"steps": 2, "resumed_at": 0, "loss": 0.7, "score_path": "split"},
}


def test_a_manifest_survives_json() -> None:
    """Written and read, it is the same record."""
    manifest = PolicyManifest.model_validate(FIELDS)
    assert PolicyManifest.model_validate_json(manifest.model_dump_json()) == manifest


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"version": POLICY_VERSION + 1}, f"this program reads {POLICY_VERSION}"),
        ({"frames": 8}, "unknown key frames"),
        ({"kind": "lora"}, "kind"),
        ({"num_frames": 0}, "num_frames"),
        ({"data": []}, "data"),
        ({"dropped_pairs": -1}, "dropped_pairs"),
        ({"training": {"steps": 2, "resumed_at": 0, "loss": float("nan"), "score_path": "split"}}, "training.loss"),
    ],
)
def test_a_manifest_that_means_nothing_is_refused(change: dict[str, Any], problem: str) -> None:
    """Another version, an unknown field, and values out of range are refused, with the field's name."""
    with pytest.raises(ValidationError) as caught:
        PolicyManifest.model_validate(FIELDS | change)
    assert problem in first_problem(caught.value, PolicyManifest)
