"""The step that a run makes is the one that the benchmarks measure: the same passes, of the same types inside."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import trainer.loop.train
from tests.benchmarks.train_model import TINY, make_model
from tests.benchmarks.train_ours import Ours, pair_group
from tests.trainer.trainings import recipe, run
from trainer.loop.step import backward_passes
from trainer.policy.policy import TrainedPolicy, open_policy
from trainer.recipe import Method
from trainer.scoring.ready_group import ReadyStep

Types = dict[str, set[tuple[torch.dtype, torch.dtype]]]


def note_types(model: nn.Module, found: Types) -> None:
    """Note the types of what goes into and comes out of each module of the first layer, and of the head, of passes
    that a backward pass follows.
    """

    def noted(name: str) -> Any:
        def hook(_: nn.Module, given: tuple[Tensor, ...], made: Tensor) -> None:
            if torch.is_grad_enabled():
                found.setdefault(name, set()).add((given[0].dtype, made.dtype))

        return hook

    for name, module in model.named_modules():
        inside = name.rpartition("language_model.layers.0.")[2] if "language_model.layers.0." in name else ""
        if not list(module.children()) and (inside or name.endswith("lm_head")):
            module.register_forward_hook(noted(inside or "lm_head"))


def test_run_and_benchmark_compute_in_half_precision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In bfloat16 every module of a layer, adapters included, gets and gives bfloat16, in both alike."""
    in_run: Types = {}
    in_benchmark: Types = {}

    def opened(*args: Any, **kwargs: Any) -> TrainedPolicy:
        policy = open_policy(*args, **kwargs)
        note_types(policy.model, in_run)
        return policy

    monkeypatch.setattr(trainer.loop.train, "open_policy", opened)
    run(tmp_path / "policy", recipe(data={"max_groups": 1}, run={"precision": "bfloat16", "max_steps": 1}))
    model = make_model(TINY, dtype=torch.bfloat16).train()
    note_types(model, in_benchmark)
    ours = Ours(TINY, model, Method.DPO, pair_group(TINY, 2), tmp_path)
    ours.fill()
    ours.step()
    assert in_run == in_benchmark
    assert {name for name in in_run if "lora_A" in name and "down_proj" in name}
    half = (torch.bfloat16, torch.bfloat16)
    assert {name: types for name, types in in_run.items() if types != {half}} == {}


class _Scorer:
    """Three parts with losses 1, 2 and 3; it notes what is done when."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def in_step(self, parts: Sequence[Any]) -> Sequence[Any]:
        return parts

    def outcome(self, _model: nn.Module, part: Any) -> Any:
        self.done.append(f"forward {part}")
        return SimpleNamespace(loss=torch.tensor(float(part)))


def test_parts_go_one_after_the_other() -> None:
    """Each makes its backward pass before the next goes forward, and gradients are added up after the last alone.

    Of 4 pairs over 2 processes a loss of 2 is a share of 2 * 2 / 4 = 1; a group that does not count has none.
    """
    scorer: Any = _Scorer()
    groups: Any = [(SimpleNamespace(parts=lambda number=number: (number,)), number < 3) for number in (1, 2, 3)]

    def synced(is_last: bool) -> AbstractContextManager[None]:
        scorer.done.append("added up" if is_last else "alone")
        return nullcontext()

    def backward(_outcome: Any, share: Tensor) -> None:
        scorer.done.append(f"backward {float(share):g}")

    step = ReadyStep(tuple(groups), pairs=4)
    made = list(backward_passes(scorer, nn.Linear(1, 1), step, backward, processes=2, synced=synced))
    assert [(float(one.share), one.counts) for one in made] == [(0.5, True), (1.0, True), (0.0, False)]
    assert scorer.done == [
        *("alone", "forward 1", "backward 0.5"),
        *("alone", "forward 2", "backward 1"),
        *("added up", "forward 3", "backward 0"),
    ]
