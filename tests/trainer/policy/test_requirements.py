"""Settings that exclude each other, and packages that are missing, are refused before a training starts."""

import importlib.util

import pytest

from schemas.errors import ModelError, RecipeError
from trainer.policy.requirements import refuse_unmet
from trainer.recipe import TrainRecipe


def recipe(**sections: object) -> TrainRecipe:
    """The defaults, but for these sections."""
    return TrainRecipe.model_validate(sections)


@pytest.mark.parametrize(
    ("sections", "merge", "sharded", "named"),
    [
        ({"adapter": {"kind": "qlora"}}, True, False, "adapter.kind=qlora"),
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
