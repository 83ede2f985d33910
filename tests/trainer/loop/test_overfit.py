"""A tiny model overfits a few groups at every level."""

from pathlib import Path
from typing import Any

import pytest
import torch

from stages.models.video_llm.score import Scores
from tests.trainer.trainings import recipe, request, run
from trainer.loop.metrics_log import METRICS, MetricsLog
from trainer.loop.objective import Objective
from trainer.loop.ranks import Rank
from trainer.loop.session import Session
from trainer.recipe import LossConfig

pytestmark = pytest.mark.slow(30)

FAST: dict[str, Any] = {"learning_rate": 1e-2, "warmup": 0.0, "schedule": "constant"}


@pytest.mark.parametrize(
    ("loss", "rows", "levels"),
    [
        ({"method": "dpo"}, "all", {"answers"}),
        (
            {"method": "vistadpo"},
            "best_of_each_kind",
            {"answers", "instance", "temporal", "perceptive", "tokens"},
        ),
    ],
    ids=["dpo", "vistadpo"],
)
def test_every_level_of_some_groups_is_won(tmp_path: Path, loss: dict[str, Any], rows: str, levels: set[str]) -> None:
    """After some steps the accuracy of every level that the loss has is 1, and its margin has grown."""
    asked = recipe(
        data={"max_groups": 2, "rows": rows, "num_frames": 2},
        loss=loss,
        optimiser=FAST,
        run={"epochs": 16, "pairs_per_step": 6},
        engine={"save_every_steps": 100},
    )
    run(tmp_path / "policy", asked)
    records = [record for record in MetricsLog(tmp_path / "policy" / METRICS).read() if "loss" in record]
    assert {name.split("/")[0] for name in records[-1] if name.endswith("all/accuracy")} == levels
    for level in levels:
        assert records[-1][f"{level}/all/accuracy"] == 1.0, level
        assert float(records[-1][f"{level}/all/margin"] or 0) > max(0.0, float(records[0][f"{level}/all/margin"] or 0))


@pytest.mark.parametrize("level", ["instance", "temporal", "perceptive"])
def test_a_level_of_weight_0_moves_nothing(tmp_path: Path, level: str) -> None:
    """The losing visual of a level without weight is not even scored; with weight its score is pushed down."""
    for weight, pushed in ((0.0, False), (1.0, True)):
        asked = recipe(loss={"method": "vistadpo", "vista": {level: weight, "tokens": 0}}, data={"max_groups": 1})
        session = Session(request(tmp_path, asked), Rank(), lambda _: None)
        ready = session.encoder.encode(session.data.groups[0])
        scores = [_random_scores(encoded.answer_lengths) for encoded in ready.visuals]
        outcome = Objective(asked.loss).outcome(
            ready, scores, [Scores(s.logprobs_KT.detach(), s.mask_KT) for s in scores]
        )
        outcome.loss.backward()
        assert (level in {contrast.level.value for contrast in ready.contrasts}) is pushed
        assert all(score.logprobs_KT.grad is not None and bool(score.logprobs_KT.grad.any()) for score in scores)


def _random_scores(lengths: tuple[int, ...]) -> Scores:
    mask_KT = torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]
    logprobs_KT = torch.randn(mask_KT.shape, dtype=torch.float64).mul(mask_KT).requires_grad_()
    return Scores(logprobs_KT, mask_KT)


def test_the_recipes_weights_reach_the_objective() -> None:
    """A level is scored if its weight is above 0, and only by vistadpo."""
    assert {level.value for level in LossConfig.model_validate({"method": "vistadpo"}).visual_levels} == {
        "instance",
        "temporal",
        "perceptive",
    }
    assert not LossConfig.model_validate({"method": "dpo"}).visual_levels
