"""The reward of answers to vidpref's questions, as TRL calls it: GRPOTrainer(reward_funcs=rewards.proven, ...)."""

from pipeline.export.rewards.scoring import reward


def proven(completions: list[str] | list[list[dict[str, str]]], solution: list[str], **_: object) -> list[float]:
    """One reward a completion; a completion is a text, or the messages that the model wrote."""
    texts = [said if isinstance(said, str) else said[-1]["content"] for said in completions]
    return [reward(text, truth) for text, truth in zip(texts, solution, strict=True)]
