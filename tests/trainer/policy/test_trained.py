"""policy.json: written at the end of a training, read back, or refused in one line."""

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import ModelError
from schemas.policy import POLICY_VERSION
from stages.visuals.resolution import Resolution
from tests.trainer.policies import manifest_of
from trainer.policy.trained import CHECKPOINTS, POLICY_FILE, Trained, trained_of, write_manifest
from trainer.recipe import TrainRecipe

RECIPE = TrainRecipe.model_validate({"data": {"num_frames": 4, "held_out_share": 0.2}})


def stored(**changes: Any) -> str:
    """The text of a policy.json with some fields changed; a field that is None is removed."""
    fields = manifest_of("someone/some-model", RECIPE).model_dump(mode="json") | changes
    return json.dumps({name: value for name, value in fields.items() if name not in changes or value is not None})


def test_a_manifest_is_read_back(tmp_path: Path) -> None:
    """What was written is what is read, with the recipe validated."""
    manifest = manifest_of("someone/some-model", RECIPE)
    write_manifest(tmp_path, manifest)
    assert trained_of(str(tmp_path)) == Trained(manifest, RECIPE)


@pytest.mark.parametrize(
    ("shown", "asked", "expected"),
    [(None, None, None), (448, None, 448), (None, 224, 224), (448, 224, 224), (112, 224, 112)],
)
def test_the_resolution_is_what_was_shown(shown: int | None, asked: int | None, expected: int | None) -> None:
    """The smaller of what the sets held and what the recipe asked for; nothing if neither is known."""
    recipe = TrainRecipe.model_validate({"data": {"short_side": asked, "max_pixels": 50_000}})
    manifest = manifest_of("someone/some-model", recipe).model_copy(update={"short_side": shown})
    assert Trained(manifest, recipe).resolution == Resolution(expected, 50_000)


def test_a_policy_from_elsewhere_has_no_manifest(tmp_path: Path) -> None:
    """A folder that another program wrote, and a hub id, have none."""
    assert trained_of(str(tmp_path)) is None
    assert trained_of("someone/some-model") is None


def test_a_training_that_has_not_finished_is_refused(tmp_path: Path) -> None:
    """Checkpoints without a manifest: the line says to run the training again."""
    (tmp_path / CHECKPOINTS).mkdir()
    with pytest.raises(ModelError, match=r"its training has not finished: there is no policy\.json; run the same"):
        trained_of(str(tmp_path))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "Invalid JSON"),
        ("[]", "got []"),
        ("{}", "version is missing"),
        (stored(version=POLICY_VERSION + 1), f"version {POLICY_VERSION + 1}, this program reads {POLICY_VERSION}"),
        (stored(model=None), "model is missing"),
        (stored(frames=4), "unknown key frames: did you mean num_frames?"),
        (stored(num_frames=0), "num_frames"),
        (stored(recipe={"data": {"frames": 4}}), "recipe: unknown key data.frames"),
    ],
)
def test_a_damaged_manifest_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    """One line names the folder as it was given, the file and the problem."""
    (tmp_path / POLICY_FILE).write_text(text)
    with pytest.raises(ModelError) as caught:
        trained_of(str(tmp_path), "--out")
    said = str(caught.value)
    assert said.startswith(f"--out {tmp_path}: policy.json is damaged: ")
    assert problem in said
    assert "\n" not in said


def test_a_manifest_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are damage too."""
    (tmp_path / POLICY_FILE).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ModelError, match=r"policy\.json is damaged"):
        trained_of(str(tmp_path))
