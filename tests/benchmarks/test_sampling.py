"""The benchmark of sampling, rehearsed on a tiny shape."""

import pytest
import torch

from tests.benchmarks import sampling
from tests.benchmarks.sampling import measure
from tests.benchmarks.train_model import TINY


def test_both_ways_write_the_same_tokens_and_are_measured() -> None:
    """Likeliest and drawn tokens of three answers are compared before anything is timed."""
    row = measure(TINY, answers=3, rounds=1)
    assert row.answers == 3
    assert min(row.ours, row.again, row.peer) > 0


def test_other_tokens_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A peer that draws by other noise ends the measurement."""
    right = sampling.generated

    def wrong(model: object, group: object, noise_KT: torch.Tensor, temperature: float) -> list[list[int]]:
        return right(model, group, 1 - noise_KT, temperature)

    monkeypatch.setattr(sampling, "generated", wrong)
    with pytest.raises(AssertionError, match="at temperature 1"):
        measure(TINY, answers=2, rounds=1)
