"""The reward of answers to vidpref's questions, for ms-swift: --external_plugins rewards.py --reward_funcs vidpref."""

from swift.rewards import orms

from pipeline.export.rewards.scoring import reward


class Proven:
    """What ms-swift makes once, and calls with the completions and the columns of their rows."""

    def __init__(self, args: object = None, **_: object) -> None:
        """Take what ms-swift gives every reward."""

    def __call__(self, completions: list[str], solution: list[str], **_: object) -> list[float]:
        """One reward a completion."""
        return [reward(said, truth) for said, truth in zip(completions, solution, strict=True)]


orms["vidpref"] = Proven
