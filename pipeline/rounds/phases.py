"""The phases of a round, each a command of its own that resumes: build, train, and measure."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass

from rich.console import Console

from pipeline.build.recipe import Recipe
from pipeline.build.run import BuildOptions, run_build
from pipeline.dataset.finished_set import FinishedSet
from pipeline.endpoint.names import keys
from pipeline.endpoint.settings import RoleModel
from pipeline.rounds.folder import LoopFolder
from pipeline.rounds.measure import Measurer
from pipeline.rounds.options import IterateOptions
from pipeline.rounds.probe_clips import probe_set
from pipeline.rounds.round_set import built_round, judge_agreement
from pipeline.rounds.serving import PolicyServer
from pipeline.rounds.state import BuiltRound, JudgeAgreement, RoundMeasures, TrainedRound
from pipeline.training.run import run_train
from schemas.errors import DivergedError, RecipeError
from stages.models.chat import ModelRole
from stages.models.video_llm.score import release_memory
from trainer.policy.saved_adapter import SavedAdapter
from trainer.policy.trained import trained_of

_OWN_ROLES = (ModelRole.TARGET, ModelRole.WRITER, ModelRole.JUDGE)
"""The roles that the policy of the round plays, unless the recipe gives them a model."""


@dataclass(frozen=True)
class RoundPhases:
    """The phases of a loop's rounds. One runs at a time, and leaves the GPU when it is done."""

    console: Console
    options: IterateOptions
    recipe: Recipe
    """Of the rounds' builds, without what the loop sets."""
    folder: LoopFolder
    questions: str
    """The set of questions."""
    measurer: Measurer

    def build(self, number: int, policy: int, /) -> BuiltRound:
        """As `Phases.build`."""
        out = str(self.folder.round(number).ds)
        self._run_build(out, self._set_by_loop(number, policy))
        return built_round(FinishedSet.open(out))

    def train(self, number: int, policy: int, /) -> TrainedRound:
        """As `Phases.train`."""
        try:
            run_train(self.console, self.options.training(self.folder.round(number), self.path_of(policy)))
        except DivergedError as error:
            return TrainedRound(diverged=str(error))
        finally:
            release_memory()
        trained = trained_of(str(self.folder.round(number).policy))
        return TrainedRound(steps=trained.manifest.training.steps if trained else 0)

    def measure(self, number: int, /) -> RoundMeasures:
        """As `Phases.measure`."""
        found = self.measurer.measure(str(self.folder.round(number).policy) if number else None)
        return found.model_copy(update={"agreement": self._agreement(number)})

    def _agreement(self, policy: int) -> JudgeAgreement | None:
        """Of a judge with proofs on rendered clips: of the policy itself, or of another judge, which is asked once."""
        if not self.measurer.probe.clips:
            return None
        is_policy = self.recipe.roles.judge == RoleModel()
        examined = self.folder.round(policy).report / "judge" if is_policy else self.folder.probe / "judge"
        if not (examined / "dataset.json").is_file():
            clips = probe_set(self.console, self.folder.probe, self.measurer.probe.clips, local=self.options.local)
            judge = self._played(self.path_of(policy)) if is_policy else {}
            given: dict[str, str | int] = {f"roles.judge.{name}": value for name, value in judge.items()}
            given |= {"retrospect.questions": clips, "retrospect.examines_judge": True, "retrospect.reasons": False}
            self._run_build(str(examined), given)
        return judge_agreement(FinishedSet.open(str(examined)))

    def _run_build(self, out: str, given: Mapping[str, str | int]) -> None:
        """A build of the rounds' recipe with these keys; its models have left the GPU at the end."""
        options = self.options
        keys_given = tuple(f"{key}={json.dumps(value)}" for key, value in given.items())
        build = BuildOptions(
            options.recipe,
            None,  # the videos are those of the set of questions
            out,
            (*options.overrides, *keys_given),
            options.workers,
            local=options.local or self._takes_turns(),
            offline=options.offline,
        )
        run_build(self.console, build)
        release_memory()

    def path_of(self, policy: int) -> str:
        """The policy of a round, or the model that the loop was given."""
        return str(self.folder.round(policy).policy) if policy else self.options.model

    def _set_by_loop(self, number: int, policy: int) -> dict[str, str | int]:
        """The keys that make the recipe that of one round."""
        given: dict[str, str | int] = {"retrospect.questions": self.questions, "retrospect.round": number}
        if number > 1:
            given["retrospect.previous"] = str(self.folder.round(number - 1).ds)
        played = self._played(self.path_of(policy))
        for role in _OWN_ROLES:
            if role is ModelRole.TARGET or self.recipe.roles.of(role) == RoleModel():
                given |= {f"roles.{role.value}.{name}": value for name, value in played.items()}
        return given

    def _played(self, policy: str) -> dict[str, str]:
        """The settings of a role that the policy plays: in process, or by the server that the recipe names for it."""
        target, endpoint = self.recipe.roles.target, self.recipe.endpoint
        if target == RoleModel():
            return {"checkpoint": policy}
        if target.in_process:
            raise RecipeError("roles.target is the policy of the round: leave it out, or name the server that plays it")
        adapter, served = SavedAdapter.at(policy, "--model"), {"server": target.server}
        if adapter is None:
            return {**served, "model": target.model} if target.model else served
        server = PolicyServer.of(target, endpoint, keys(endpoint).get(target.server, ""))
        return {**served, "model": server.load(adapter), "adapter_sha256": adapter.sha256}

    def _takes_turns(self) -> bool:
        """Whether models open in this process: on one GPU those of several roles take turns in it.

        Ray would give each step a model of its own, and nothing is decoded that it could share out.
        """
        return "RAY_ADDRESS" not in os.environ and self.recipe.roles.target == RoleModel()
