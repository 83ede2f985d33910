"""The probe of a training: which questions, what their answers come to, and that the model trains on."""

import pytest
import torch

from stages.models.video_llm.chat import bare
from stages.models.video_llm.generate import Generated
from tests.trainer.groups_of_text import ANSWERS, family_of
from tests.trainer.policies import rows_of, shown
from trainer.loop.probe import ProbeResult, probe, probe_rows, summary
from trainer.policy.policy import open_policy
from trainer.recipe import AdapterConfig, Precision


def test_the_summary_counts_form_and_match() -> None:
    """Four answers: whole and chosen; whole and rejected; cut; ended without a full stop.

    Whole 2/4, chosen 1/4, rejected 1/4, mean length (4 + 6 + 8 + 2) / 4 = 5.
    """
    said = [
        Generated(ANSWERS[0], 4, ended=True),
        Generated(ANSWERS[1], 6, ended=True),
        Generated("It goes on and.", 8, ended=False),
        Generated("No", 2, ended=True),
    ]
    assert summary([(rows_of(), answer) for answer in said]) == ProbeResult(4, 0.5, 0.25, 0.25, 5.0)
    with pytest.raises(ValueError, match="at least one question"):
        summary([])


def test_probe_questions_are_of_many_videos_and_the_same_each_time() -> None:
    """Three of nine groups of three videos are one of each, in whatever order the groups come."""
    groups = [rows_of(f"{video}/{number}", video) for video in "abc" for number in range(3)]
    picked = probe_rows(groups, 3)
    assert {rows.video_id for rows in picked} == set("abc")
    assert picked == probe_rows(groups[::-1], 3)
    assert probe_rows(groups, 99) != []


@pytest.mark.parametrize("training", [True, False])
def test_a_model_trains_on_after_a_probe_if_it_did_before(training: bool) -> None:
    """Dropout is off while it answers, and its mode comes back; every question is answered."""
    family = family_of("llava_onevision")
    dropping = AdapterConfig(rank=2, dropout=0.9)
    model = open_policy(family, dropping, Precision.FLOAT32, "cpu", checkpointing=True).model.train(training)
    bare(model).model.vision_tower.eval()
    modes = [module.training for module in model.modules()]
    groups = [shown(rows_of()), shown(rows_of("h"), seed=1)]
    results = [probe(model, family, groups, max_new_tokens=4) for _ in range(2)]
    assert results[0] == results[1] == probe(family.load(dtype=torch.float32), family, groups, max_new_tokens=4)
    assert results[0].asked == 2
    assert 0 < results[0].mean_tokens <= 4
    assert [module.training for module in model.modules()] == modes
