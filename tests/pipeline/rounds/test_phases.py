"""What each phase of a round asks of the commands: who plays which role, what goes on from the round before."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from rich.console import Console

import pipeline.rounds.phases
from pipeline.build.recipe import load_recipe
from pipeline.build.run import BuildOptions
from pipeline.rounds.folder import LoopFolder
from pipeline.rounds.measure import Measurer
from pipeline.rounds.options import IterateOptions
from pipeline.rounds.phases import RoundPhases
from pipeline.rounds.serving import PolicyServer
from pipeline.rounds.settings import ProbeSettings
from pipeline.training.options import TrainOptions
from schemas.errors import DivergedError, RecipeError, TrainingError
from trainer.policy.saved_adapter import SavedAdapter
from trainer.recipe import TrainRecipe

SERVED = ("roles.target.model=qwen",)
JUDGED = ("roles.judge.model=gpt",)


def phases(folder: Path, *overrides: str, clips: int = 0) -> RoundPhases:
    """Those of a loop with these values of --set."""
    options = IterateOptions("isr-dpo", "clips", "model", str(folder), overrides=overrides)
    _, recipe = load_recipe("isr_dpo", overrides)
    probe = ProbeSettings(clips=clips)
    measurer = Measurer("questions", "model", TrainRecipe(), probe, folder / "answers.json")
    return RoundPhases(Console(quiet=True), options, recipe, LoopFolder(folder), "questions", measurer)


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[BuildOptions]:
    """The builds that are asked for; none is made."""
    asked: list[BuildOptions] = []
    monkeypatch.setattr(pipeline.rounds.phases, "run_build", lambda _, options: asked.append(options))
    for name in ("built_round", "judge_agreement"):
        monkeypatch.setattr(pipeline.rounds.phases, name, lambda opened: opened)
    monkeypatch.setattr(pipeline.rounds.phases.FinishedSet, "open", lambda place: place)
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    return asked


def keys_of(build: BuildOptions) -> Mapping[str, Any]:
    """Its overrides, the last one of each key."""
    pairs = (override.partition("=") for override in build.overrides)
    return {key: yaml.safe_load(value) for key, _, value in pairs}


def test_the_policy_samples_looks_back_and_judges(built: list[BuildOptions], tmp_path: Path) -> None:
    """In process, with the set of questions; round 1 has the model and nothing before it."""
    phases(tmp_path).build(1, 0)
    assert keys_of(built[0]) == {
        "retrospect.questions": "questions",
        "retrospect.round": 1,
        **{f"roles.{role}.checkpoint": "model" for role in ("target", "writer", "judge")},
    }
    assert (built[0].recipe, built[0].videos, built[0].out) == ("isr_dpo", None, str(tmp_path / "round-01" / "ds"))
    assert built[0].local  # one process holds one model


def test_a_later_round_goes_on_from_the_last_contexts_and_the_last_policy(
    built: list[BuildOptions], tmp_path: Path
) -> None:
    """Round 3 after a round 2 that was not trained: contexts of round 2, policy of round 1."""
    phases(tmp_path).build(3, 1)
    keys = keys_of(built[0])
    assert keys["retrospect.previous"] == str(tmp_path / "round-02" / "ds")
    assert keys["roles.target.checkpoint"] == str(tmp_path / "round-01" / "policy")
    assert keys["retrospect.round"] == 3


def test_a_judge_of_its_own_stays(built: list[BuildOptions], tmp_path: Path) -> None:
    """What the recipe gives a role is not the policy."""
    phases(tmp_path, *JUDGED).build(1, 0)
    assert "roles.judge.checkpoint" not in keys_of(built[0])
    assert keys_of(built[0])["roles.judge.model"] == "gpt"


def test_a_policy_that_a_server_plays_is_loaded_there(
    built: list[BuildOptions], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Round 1 has the model that the server names, round 2 the adapter under a name of its own, on Ray; the judge, the
    same model, as well.
    """
    monkeypatch.setattr(PolicyServer, "load", lambda _, adapter: f"loaded {adapter.folder.parent.name}")
    made = phases(tmp_path, *SERVED)
    policy = tmp_path / "round-01" / "policy"
    policy.mkdir(parents=True)
    (policy / "adapter_config.json").write_text("{}")
    (policy / "adapter_model.safetensors").write_bytes(b"weights")
    made.build(1, 0)
    made.build(2, 1)
    first, second = map(keys_of, built)
    assert (first["roles.target.model"], first["roles.judge.model"]) == ("qwen", "qwen")
    assert (second["roles.target.model"], second["roles.judge.model"]) == ("loaded round-01", "loaded round-01")
    adapter = SavedAdapter.at(str(policy), "--model")
    assert adapter is not None
    assert second["roles.target.adapter_sha256"] == adapter.sha256
    assert not built[0].local


def test_a_policy_that_is_not_the_rounds_own_is_refused(tmp_path: Path) -> None:
    """The loop says which checkpoint samples."""
    with pytest.raises(RecipeError, match=r"roles\.target is the policy of the round"):
        phases(tmp_path, "roles.target.checkpoint=other").build(1, 0)


@pytest.mark.parametrize(("overrides", "places"), [((), ["round-00", "round-02"]), (JUDGED, ["probe"])])
def test_a_judge_is_examined(
    built: list[BuildOptions],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    overrides: tuple[str, ...],
    places: list[str],
) -> None:
    """The policy after each round, another judge once: on the rendered clips, without samples and reasons."""
    monkeypatch.setattr(pipeline.rounds.phases, "probe_set", lambda *_, **__: "rendered")
    monkeypatch.setattr(Measurer, "measure", lambda *_: Measured())
    made = phases(tmp_path, *overrides, clips=3)
    for number in (0, 2):
        made.measure(number)
        for build in built:
            Path(build.out).mkdir(parents=True, exist_ok=True)
            (Path(build.out) / "dataset.json").touch()
    assert [Path(build.out).relative_to(tmp_path).parts[0] for build in built] == places
    for build in built:
        keys = keys_of(build)
        assert keys["retrospect.questions"] == "rendered"
        assert keys["retrospect.examines_judge"] is True
        assert keys["retrospect.reasons"] is False


class Measured:
    """Measures of which nothing is asked."""

    def model_copy(self, *, update: dict[str, object]) -> dict[str, object]:
        """What would be changed."""
        return update


def test_only_a_training_that_diverges_is_an_end_of_its_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any other failure, such as too little memory, ends the command, which can be run again."""

    def failing(error: Exception) -> RoundPhases:
        def run(_console: Console, _options: TrainOptions) -> None:
            raise error

        monkeypatch.setattr(pipeline.rounds.phases, "run_train", run)
        return phases(tmp_path)

    assert failing(DivergedError("step 3: the loss is nan")).train(1, 0).diverged == "step 3: the loss is nan"
    with pytest.raises(TrainingError, match="memory"):
        failing(TrainingError("the memory of cuda is full")).train(1, 0)
