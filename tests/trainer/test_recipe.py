"""Training recipes: the shipped ones, and which settings are part of a run's identity."""

from pathlib import Path

import pytest

from pipeline.recipes.file import read_recipe, recipes_in
from schemas.claim import Axis
from schemas.errors import RecipeError
from trainer.data_settings import RowSelection
from trainer.recipe import AdapterKind, Method, TrainRecipe, recipe_folder


def shipped(name: str, *overrides: str) -> TrainRecipe:
    return read_recipe(name, TrainRecipe, recipe_folder(), overrides)[1]


def test_six_recipes_are_shipped() -> None:
    """Each is named like its method, and trains a LoRA on the rows of that method."""
    rows = {name: shipped(name).data.rows for name in recipes_in(recipe_folder())}
    assert rows == {
        "dpo": RowSelection.ALL,
        "isr_dpo": RowSelection.SELF_SAMPLED,
        "sft": RowSelection.CHOSEN,
        "twins": RowSelection.ALL,
        "videopasta": RowSelection.ADVERSARIES,
        "vistadpo": RowSelection.BEST_OF_EACH_KIND,
    }
    assert {shipped(name).adapter.kind for name in rows} == {AdapterKind.LORA}


@pytest.mark.parametrize("name", ["dpo", "isr_dpo", "twins", "videopasta", "vistadpo"])
def test_preference_recipes_have_an_anchor(name: str) -> None:
    """The anchor is on, and one --set turns it off."""
    assert shipped(name).loss.anchor == 1.0
    assert shipped(name, "loss.anchor=0").loss.anchor == 0.0


def test_videopasta_weighs_its_axes() -> None:
    """VideoPASTA is DPO with equal weights for the three axes."""
    loss = shipped("videopasta").loss
    assert loss.method is Method.DPO
    assert loss.axis_weights is not None
    assert loss.axis_weights.by_axis() == dict.fromkeys(Axis, 1.0)


def test_settings_of_the_machine_are_not_part_of_the_identity() -> None:
    """A run may resume with less memory or other reports, but not with another loss."""
    same = shipped("dpo", "engine.checkpointing=false", "engine.save_every_steps=7", "engine.report_to=[tensorboard]")
    assert same.identity() == shipped("dpo").identity()
    assert shipped("dpo", "loss.beta=0.2").identity() != shipped("dpo").identity()


@pytest.mark.parametrize(
    ("name", "kind", "rate"),
    [
        ("sft", "lora", 1e-4),
        ("sft", "full", 1e-5),
        ("dpo", "lora", 1e-5),
        ("dpo", "full", 5e-7),
        ("twins", "full", 5e-7),
    ],
)
def test_the_learning_rate_is_the_usual_one_unless_it_is_given(name: str, kind: str, rate: float) -> None:
    """Adapters take a higher rate than a model's own weights, SFT a higher one than preferences. A run resumes whether
    the recipe names the usual rate or leaves it out.
    """
    left_out = shipped(name, f"adapter.kind={kind}")
    given = shipped(name, f"adapter.kind={kind}", f"optimiser.learning_rate={rate}")
    assert left_out.learning_rate == given.learning_rate == rate
    assert left_out.identity() == given.identity()
    assert shipped(name, "optimiser.learning_rate=3e-6").learning_rate == 3e-6


def test_a_recipe_of_ones_own(tmp_path: Path) -> None:
    """Keys of the file are used, missing keys have their default, and --set overrides both."""
    path = tmp_path / "mine.yaml"
    path.write_text("loss:\n  method: sft\nrun:\n  epochs: 4\n  pairs_per_step: 5\n")
    name, recipe = read_recipe(str(path), TrainRecipe, recipe_folder(), ["run.epochs=2"])
    assert (name, recipe.run.epochs, recipe.run.pairs_per_step) == ("mine", 2, 5)
    assert recipe.adapter == TrainRecipe().adapter


@pytest.mark.parametrize(
    ("overrides", "problem"),
    [
        (("loss.axis_weights.spatial=0", "loss.axis_weights.temporal=0", "loss.axis_weights.cross_frame=0"), "an axis"),
        (("loss.method=vistadpo", "loss.axis_weights.spatial=1"), "axis_weights are only for method dpo"),
        (("loss.method=vistadpo", "adapter.kind=full"), "adapter.train_head=false or loss.vista.tokens=0"),
        (
            (
                *("loss.method=vistadpo", "loss.vista.answers=0", "loss.vista.instance=0", "loss.vista.temporal=0"),
                *("loss.vista.perceptive=0", "loss.vista.tokens=0", "loss.anchor=0"),
            ),
            "a term of vista must have a weight above 0",
        ),
        (("adapter.kind=full", "loss.anchor_kl=0.01"), "anchor_kl need an unchanged lm_head: adapter.train_head=false"),
        (("loss.visual_weight=0.5",), "visual_weight is only for method twins, got dpo"),
        (("loss.method=vistadpo", "loss.form=robust"), "form and label_smoothing are only for method dpo"),
        (("engine.keep_checkpoints=1",), "engine.keep_checkpoints"),
        (("optimiser.schedule=cosin",), "optimiser.schedule: Input should be 'linear', 'cosine'"),
        (("engine.report_to=[tensorbord]",), "engine.report_to.0: Input should be 'tensorboard'"),
    ],
)
def test_impossible_settings_are_refused_when_read(overrides: tuple[str, ...], problem: str) -> None:
    """In one line, before anything is opened."""
    with pytest.raises(RecipeError, match=problem):
        shipped("dpo", *overrides)
