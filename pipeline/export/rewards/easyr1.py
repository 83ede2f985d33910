"""The reward of answers to vidpref's questions, for EasyR1: worker.reward.reward_function=rewards.py:compute_score."""

from typing import Any

from pipeline.export.rewards.scoring import reward

REWARD_NAME = "vidpref"
REWARD_TYPE = "batch"


def compute_score(reward_inputs: list[dict[str, Any]]) -> list[dict[str, float]]:
    """The reward of each completion, under the name that the trainer takes it from."""
    return [{"overall": reward(given["response"], given["ground_truth"])} for given in reward_inputs]
