"""The reward of answers to vidpref's questions, for verl: custom_reward_function.path=rewards.py."""

from pipeline.export.rewards.scoring import reward


def compute_score(
    data_source: str,  # noqa: ARG001 verl names all four
    solution_str: str,
    ground_truth: str,
    extra_info: object = None,  # noqa: ARG001 likewise
    **_: object,
) -> float:
    """The reward of one completion."""
    return reward(solution_str, ground_truth)
