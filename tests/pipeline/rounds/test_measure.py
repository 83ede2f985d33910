"""The measures of a policy on held-out questions, with a tiny model and an adapter."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.dataset.finished_set import FinishedSet
from pipeline.evaluation.observations import ALL, Metric
from pipeline.evaluation.run import EvaluateOptions, evaluate
from pipeline.evaluation.split import EvaluatedSplit
from pipeline.rounds.measure import Measurer, refuse_nothing_held_out
from pipeline.rounds.settings import ProbeSettings
from schemas.errors import DatasetError
from schemas.pair import Pair
from schemas.video import Split
from tests.trainer.checkpoints import checkpoint
from tests.trainer.policies import write_adapter
from tests.trainer.trainings import training_set, write_training_set
from trainer.data_settings import DataConfig
from trainer.recipe import EngineConfig, TrainRecipe

pytestmark = pytest.mark.slow(15)

RECIPE = TrainRecipe(data=DataConfig(num_frames=2), engine=EngineConfig(device="cpu"))
PROBE = ProbeSettings(groups=4, questions=2, max_new_tokens=6)


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A set whose videos are all held out."""

    def held_out(pair: Pair) -> Pair:
        return pair.model_copy(update={"split": Split.VALIDATION, "visual_negatives": ()})

    return str(write_training_set(tmp_path_factory.mktemp("questions") / "ds", change=held_out))


@pytest.fixture(scope="module")
def adapter(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An adapter that changes every score."""
    return str(write_adapter("qwen2_5_vl", tmp_path_factory.mktemp("policy")))


def test_policies_are_compared_with_round_0(questions: str, adapter: str, tmp_path: Path) -> None:
    """Accuracy is what `evaluate` finds of the same questions; round 0 is as it is, and later ones are compared with
    it along what it wrote; an adapter that is round 0 again is nothing away from itself.
    """
    model = str(checkpoint("qwen2_5_vl"))
    measurer = Measurer(questions, model, RECIPE, PROBE, tmp_path / "answers.json")
    start, policy = measurer.measure(None), measurer.measure(adapter)
    report = evaluate(EvaluateOptions(adapter, questions, EvaluatedSplit.VALIDATION, limit=4, overrides=EVALUATED))
    [line] = [one for one in report.lines if (one.metric, one.part) == (Metric.PREFERENCE, ALL)]
    assert line.base is not None
    assert (start.accuracy, policy.accuracy) == pytest.approx((line.base.value, line.policy.value), abs=1e-4)
    assert (len(policy.wins), len(set(policy.videos))) == (line.count, line.videos)
    assert start.videos == policy.videos
    written = list(report.answers)
    assert (start.answers, len(written)) == (2, 2)
    assert list(json.loads((tmp_path / "answers.json").read_text()).values()) == [one.base for one in written]
    assert start.kl_per_token == 0
    assert policy.kl_per_token is not None
    assert policy.kl_per_token > 0
    from_adapter = replace(measurer, model=adapter, answers=tmp_path / "own.json")
    assert from_adapter.measure(None).wins == policy.wins
    assert from_adapter.measure(adapter).kl_per_token == pytest.approx(0, abs=1e-6)


EVALUATED = ("num_frames=2", "max_new_tokens=6", "generate_groups=2", "choice_groups=0")


def test_a_set_that_holds_nothing_out_is_one_line() -> None:
    """Rounds would be compared on what they are trained on."""
    with pytest.raises(DatasetError, match=r"holds no question out .*finalise\.validation_share=0\.3"):
        refuse_nothing_held_out(FinishedSet.open(str(training_set())))
