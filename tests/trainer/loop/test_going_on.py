"""Trainings that go on from an adapter: SFT, then DPO, then SFT again. The reference is the adapter as it was given.

Covers trainer/loop/reference_scores for a policy that does not keep its reference.
"""

import json
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import torch
from safetensors.torch import load_file

from schemas.policy import PolicyManifest
from tests.trainer.checkpoints import checkpoint
from tests.trainer.policies import rows_of, shown
from tests.trainer.trainings import recipe, run
from trainer.answering.evaluate import Task, evaluate_group
from trainer.loop.metrics_log import METRICS
from trainer.loop.session import WORK
from trainer.policy.side_by_side import BASE, POLICY, START, Placement, Policy, open_side_by_side
from trainer.policy.trained import CHECKPOINTS, POLICY_FILE
from trainer.recipe import Precision

pytestmark = pytest.mark.slow(30)

BASE_MODEL = str(checkpoint("qwen2_5_vl"))
PLACEMENT = Placement("cpu", Precision.FLOAT32)
SECTIONS: dict[str, Any] = {
    "data": {"held_out_share": 0.25, "held_out_groups": 1, "probe_questions": 0, "max_groups": 2, "num_frames": 2},
    "adapter": {"rank": 4, "alpha": 8},
    "optimiser": {"learning_rate": 1e-2, "warmup": 0},
    "run": {"epochs": 2, "pairs_per_step": 2},
    "engine": {"save_every_steps": 1},
}
SFT = recipe(**SECTIONS | {"data": SECTIONS["data"] | {"rows": "chosen"}, "loss": {"method": "sft"}})
DPO = recipe(**SECTIONS | {"loss": {"method": "dpo"}})


class Chain(NamedTuple):
    """The folders of three trainings, each of which goes on from the one before."""

    sft: Path
    dpo: Path
    again: Path


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    """SFT from the model, DPO from that adapter, SFT from that of DPO."""
    made = Chain(*(tmp_path_factory.mktemp(name) for name in Chain._fields))
    run(made.sft, SFT)
    run(made.dpo, DPO, model=str(made.sft))
    run(made.again, SFT, model=str(made.dpo))
    return made


def records(folder: Path) -> list[dict[str, Any]]:
    """The lines of metrics.jsonl."""
    return [json.loads(line) for line in (folder / METRICS).read_text().splitlines()]


def weights(folder: Path) -> dict[str, torch.Tensor]:
    """Those of the adapter in a folder."""
    return load_file(folder / "adapter_model.safetensors")


def logprobs(policy: Path) -> dict[str, tuple[float, ...]]:
    """Those of the answers to one question, by model."""
    models = open_side_by_side(Policy.at(str(policy)), PLACEMENT)
    results = evaluate_group(models, shown(rows_of()), Task())
    return {compared.name: result.logprobs for compared, result in zip(models, results, strict=True)}


def test_the_reference_is_the_adapter_as_it_was_given(chain: Chain) -> None:
    """At the first step of DPO nothing has drifted from it, and the margin is 0; later it has. Held-out pairs alike."""
    first, *_, last = (record for record in records(chain.dpo) if "loss" in record)
    assert abs(first["answers/all/chosen_drift"]) < 1e-4
    assert abs(first["answers/all/margin"]) < 1e-4
    assert abs(last["answers/all/chosen_drift"]) > 1e-2
    [before, *_] = (record for record in records(chain.dpo) if "held_out/answers/all/margin" in record)
    assert abs(before["held_out/answers/all/margin"]) < 1e-4
    assert before["held_out/answers/all/kl"] < 1e-6


def test_policy_json_names_base_and_start(chain: Chain) -> None:
    """Both with the content that the start had; the keys of the reference's scores hold it, too."""
    manifest = PolicyManifest.model_validate_json((chain.dpo / POLICY_FILE).read_bytes())
    assert manifest.model == BASE_MODEL
    assert manifest.start is not None
    assert manifest.start.path == str(chain.sft)
    identity = json.loads((chain.dpo / WORK / "reference" / "reference.json").read_text())
    assert identity["start"] == manifest.start.sha256
    assert f"going on from the adapter `{chain.sft}`" in (chain.dpo / "README.md").read_text()
    first = PolicyManifest.model_validate_json((chain.sft / POLICY_FILE).read_bytes())
    assert (first.model, first.start) == (BASE_MODEL, None)


@pytest.mark.parametrize("later", ["dpo", "again"])
def test_what_is_written_loads_on_the_base_alone(chain: Chain, later: str) -> None:
    """Base, start and policy stand side by side; the start gives what it gave as a policy, and so does the base."""
    folder = getattr(chain, later)
    before = chain[chain.index(folder) - 1]
    own, earlier = logprobs(folder), logprobs(before)
    assert list(own) == [BASE, START, POLICY]
    assert own[START] == pytest.approx(earlier[POLICY], abs=1e-5)
    assert own[BASE] == pytest.approx(logprobs(chain.sft)[BASE], abs=1e-5)
    assert own[POLICY] != pytest.approx(own[START], abs=1e-3)
    config = json.loads((folder / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == BASE_MODEL


def test_a_start_that_is_gone_or_was_changed_is_not_compared(chain: Chain, tmp_path: Path) -> None:
    """One line says so, and base and policy are compared all the same."""
    folder = Path(shutil.copytree(chain.dpo, tmp_path / "policy"))
    file = folder / POLICY_FILE
    stored = json.loads(file.read_text())
    for start, why in (
        ({"path": str(tmp_path / "gone"), "sha256": "0" * 64}, "is not there"),
        ({"path": str(chain.sft), "sha256": "0" * 64}, "has changed"),
    ):
        file.write_text(json.dumps(stored | {"start": start}))
        policy = Policy.at(str(folder))
        assert policy.note is not None
        assert why in policy.note
        assert [compared.name for compared in open_side_by_side(policy, PLACEMENT)] == [BASE, POLICY]


def test_a_run_that_was_killed_goes_on_with_the_same_reference(chain: Chain, tmp_path: Path) -> None:
    """With its last checkpoint, its policy and all reference scores gone, it ends in the same adapter."""
    folder = Path(shutil.copytree(chain.dpo, tmp_path / "policy"))
    (folder / POLICY_FILE).unlink()
    shutil.rmtree(folder / WORK)
    last = max((folder / CHECKPOINTS).iterdir(), key=lambda found: int(found.name.rpartition("-")[2]))
    shutil.rmtree(last)
    summary, _ = run(folder, DPO, model=str(chain.sft))
    assert summary.resumed_at > 0
    before, after = weights(chain.dpo), weights(folder)
    assert all(torch.equal(before[name], after[name]) for name in before)
