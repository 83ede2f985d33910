"""Settings that exclude each other, and packages that are missing, are refused before a training starts."""

import importlib.util

import pytest

from schemas.errors import ModelError, RecipeError
from trainer.policy.requirements import advice, refuse_unmet
from trainer.recipe import TrainRecipe


def recipe(**sections: object) -> TrainRecipe:
    """The defaults, but for these sections."""
    return TrainRecipe.model_validate(sections)


@pytest.mark.parametrize(
    ("sections", "merge", "sharded", "named"),
    [
        ({"adapter": {"kind": "qlora"}}, True, False, "adapter.kind=qlora"),
        ({"adapter": {"kind": "qlora"}}, False, True, "adapter.kind=qlora.*engine.sharding=ddp"),
        ({}, True, True, "engine.sharding=ddp"),
        ({"engine": {"cache_features": True}}, False, True, "engine.cache_features"),
    ],
)
def test_settings_that_exclude_each_other(sections: dict[str, object], merge: bool, sharded: bool, named: str) -> None:
    """Each is fine without the other one."""
    with pytest.raises(RecipeError, match=named):
        refuse_unmet(recipe(**sections), merge=merge, sharded=sharded)
    if not sections.get("adapter"):
        refuse_unmet(recipe(**sections), merge=False, sharded=False)


@pytest.mark.parametrize(
    ("sections", "package", "instead"),
    [
        ({"adapter": {"kind": "qlora"}}, "bitsandbytes", "adapter.kind=lora"),
        ({"engine": {"eight_bit_optimiser": True}}, "bitsandbytes", "engine.eight_bit_optimiser=false"),
        ({"engine": {"report_to": ["tensorboard"]}}, "tensorboard", r"engine.report_to=\[\]"),
    ],
)
def test_a_missing_package_is_named_with_another_way(
    sections: dict[str, object], package: str, instead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line says what needs the package and what to use without it."""
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == package else find_spec(name))
    with pytest.raises(ModelError, match=f"needs {package}, .*{instead}"):
        refuse_unmet(recipe(**sections), merge=False, sharded=False)
    refuse_unmet(recipe(), merge=False, sharded=False)


@pytest.mark.parametrize(
    ("device", "processes", "lines"), [("cuda:0", 1, ["--workers 4"]), ("cuda:0", 4, []), ("cpu", 1, [])]
)
def test_gpus_that_stay_idle_are_named(
    device: str, processes: int, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One process on a machine with four GPUs is told how to use all; four processes, or a CPU, are told nothing."""
    monkeypatch.setattr("torch.cuda.device_count", lambda: 4)
    said = list(advice(recipe(), device, processes))
    assert [named in line for named, line in zip(lines, said, strict=True)] == [True] * len(lines)


def test_a_rate_for_adapters_is_advised_against_where_all_weights_are_trained() -> None:
    """1e-5 is the rate of adapters; without a rate a full training has its own, which needs no advice."""
    [line] = advice(recipe(adapter={"kind": "full"}, optimiser={"learning_rate": 1e-5}), "cpu", 1)
    assert "optimiser.learning_rate=1e-05 suits adapters" in line
    assert "5e-07 is usual" in line
    assert not list(advice(recipe(adapter={"kind": "full"}), "cpu", 1))
    assert not list(advice(recipe(optimiser={"learning_rate": 1e-4}), "cpu", 1))
