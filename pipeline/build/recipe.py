"""A recipe: a YAML file becomes the configuration of every stage."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Self

from pydantic import Field, ValidationError, model_validator

from pipeline.build.round_steps import round_steps
from pipeline.endpoint.needs import Estimate, RoleNeed, calls_per_clip, estimated, role_needs
from pipeline.endpoint.settings import Endpoint, Roles
from pipeline.engine.settings import Engine
from pipeline.engine.step_setup import WRITE, StepSetup, file_alone
from pipeline.finalise.settings import FinaliseConfig
from pipeline.recipes.file import read_recipe
from pipeline.recipes.identity import Identity
from pipeline.recipes.prompt_hashes import prompt_hashes
from schemas.annotations import Annotations
from schemas.dataset import DatasetManifest, ModelUse
from schemas.errors import DatasetError
from schemas.problems import first_problem
from schemas.record import Record
from stages.ask import Ask
from stages.claims.proof import ProofConfig
from stages.cut import CutSegments
from stages.decode import DecodeVideo
from stages.generate import Generate
from stages.ground import Ground
from stages.judge import JudgeAnswers
from stages.language.writer import LanguageWriter
from stages.models.chat import AskingStage, ModelRole
from stages.motion.faces.centerface import package as face_package
from stages.payloads import CutRequest, DecodedVideo
from stages.retrospection.settings import PLACES, Retrospect
from stages.verify import VerifyClaims


class Recipe(Record):
    """All settings of a run; those of `engine` and `endpoint` belong to the machine and never change a row."""

    seed: int = Field(default=0, ge=0)
    """Seed of all randomness."""
    decode: DecodeVideo = DecodeVideo()
    """Sampling and the analysis stream."""
    ground: Ground = Ground()
    """The detector."""
    generate: Generate = Generate()
    """The writer."""
    ask: LanguageWriter = LanguageWriter()
    """What language models are asked to write, if `generate.writer` is `models` or `mixed`."""
    retrospect: Retrospect = Retrospect()
    """One round of self-sampling, if `generate.writer` is `self`."""
    cut: CutSegments = CutSegments()
    """Segments."""
    verify: VerifyClaims = VerifyClaims()
    """The proof."""
    judge: JudgeAnswers = JudgeAnswers()
    """How language models judge what others wrote, and the scene does not prove."""
    finalise: FinaliseConfig = FinaliseConfig()
    """What a set may consist of."""
    roles: Roles = Roles()
    """The language model of each role, if a step asks any."""
    endpoint: Endpoint = Endpoint()
    """Their servers, limits and budget; outside the fingerprint."""
    engine: Engine = Engine()
    """Workers and limits; outside the fingerprint."""

    def steps(self) -> tuple[StepSetup, ...]:
        """The steps that a video takes, in order, up to `write`.

        This list is all that engine, plan and progress know of the stages: a new step is one more entry.
        """
        if self.generate.writer == "self":
            return tuple(map(self._placed, round_steps(self.retrospect, self.verify)))
        # the writer gets the proof's settings, so that it asks only what can be proven
        generate = self.generate.model_copy(update={"proof": self.verify.proof})
        plants = self.generate.plants  # edits are measured on pixels
        steps = (
            StepSetup(
                "decode",
                self.decode,
                cpu_share=0.15,
                reads="the file",
                writes="clips: sampled frames and analysis stream, as JPEG",
                has_child=True,
                with_file=file_alone,
            ),
            StepSetup(
                "ground",
                self.ground.as_installed(),
                cpu_share=1.0,
                reads="clips with both streams",
                writes="clips with their scene; the analysis stream ends here",
                has_child=True,
                with_file=None if self.ground.detector == "motion" else DecodedVideo.with_file,
                num_gpus=0 if self.ground.detector == "motion" else 1,
                interpreter=self.ground.interpreter,
            ),
            StepSetup(
                "generate",
                generate,
                cpu_share=0.05,
                reads="clips with their scenes",
                writes="candidate groups of answers with claims",
                has_child=plants,
            ),
            StepSetup(
                "cut",
                self.cut,
                cpu_share=0.12,
                reads="the file again, groups",
                writes="segments of the intervals that groups refer to",
                has_child=True,
                with_file=CutRequest,
            ),
            StepSetup(
                "verify",
                self.verify,
                cpu_share=0.05,
                reads="groups, clips with their scenes",
                writes="groups whose every answer is proven",
                has_child=plants,
            ),
        )
        return tuple(map(self._placed, self._with_models(steps))) if self.generate.asks_models else steps

    def _placed(self, step: StepSetup) -> StepSetup:
        """The step with a GPU if it asks a model that is opened in its workers."""
        asked = step.stage.roles() if isinstance(step.stage, AskingStage) else ()
        on_gpu = self.endpoint.device != "cpu" and any(self.roles.of(role).in_process for role in asked)
        return replace(step, num_gpus=1) if on_gpu else step

    def _with_models(self, steps: Sequence[StepSetup]) -> tuple[StepSetup, ...]:
        """The steps with those that ask language models: one that writes after `generate`, and at last one that judges.

        Proof comes before judgement: what the scene decides no judge is asked.
        """
        proof = self.verify.proof
        ask = StepSetup(
            "ask",
            Ask(language=self.ask, proof=proof),
            cpu_share=0.05,
            reads="clips with their scenes",
            writes="what language models ask and answer",
        )
        judge = StepSetup(
            "judge",
            self.judge.model_copy(update={"proof": proof}),
            cpu_share=0.05,
            reads="groups of language models, frames",
            writes="groups that are proven or confirmed",
            has_child=bool(self.ask.negatives),  # keyframes are painted over
        )
        verify = self.verify.model_copy(update={"judged": True})
        known = {step.name: step for step in steps}
        in_order = (*(known[name] for name in ("decode", "ground", "generate")), ask, known["cut"])
        return (*in_order, replace(known["verify"], stage=verify), judge)

    def selection(self) -> FinaliseConfig:
        """The settings of the pass over the whole set."""
        share = self.generate.models_share if self.generate.writer == "mixed" else None
        return self.finalise.model_copy(
            update={
                "max_planted_share": self.generate.planted.share,
                "max_written_share": share,
                "self_sampled": self.generate.writer == "self",
            }
        )

    def run_steps(self) -> tuple[StepSetup, ...]:
        """All steps of a run: those of `steps`, then `write`, which commits a video's unit."""
        return (*self.steps(), WRITE)

    def with_workers(self, workers: int | None) -> Self:
        """The recipe with another number of workers, if one is given."""
        return self.model_copy(update={"engine": self.engine.with_workers(workers)})

    def looking_for(self, annotations: Iterable[Annotations]) -> Self:
        """The recipe whose detector looks for the nouns of these annotations in every video, too, and whose language
        models may name them where they are not.
        """
        given = tuple(annotations)
        ask = self.ask.looking_for(given) if self.generate.asks_models else self.ask
        return self.model_copy(update={"ground": self.ground.looking_for(given), "ask": ask})

    def models(self) -> tuple[ModelUse, ...]:
        """Which model plays which role; in a round of self-sampling nothing is detected or written."""
        if self.generate.writer == "self":
            return tuple(self._asked(need.role) for need in self.needs())
        return (
            ModelUse(role="detector", name=self.ground.detector),
            *(ModelUse(role="face detector", name=name, revision=version) for name, version in _parted(face_package())),
            *(ModelUse(role="reader", name=name, revision=version) for name, version in _parted(self._readers())),
            *([] if self.generate.writer == "models" else [ModelUse(role="writer", name="facts")]),
            *(self._asked(need.role) for need in self.needs()),
        )

    def _asked(self, role: ModelRole) -> ModelUse:
        """The language model that plays a role, with the hash of its adapter, or else that of a checkpoint."""
        model = self.roles.of(role)
        known = model.adapter_sha256 or model.checkpoint_sha256
        return ModelUse(role=role.value.replace("_", " "), name=model.model or "", revision=known)

    def expected_use(self, clips: float) -> Estimate:
        """What its steps will use of language models for that many clips, if every reply can be used."""
        calls = calls_per_clip((step.stage for step in self.steps()), self.decode.num_frames)
        return estimated(calls, self.roles, self.endpoint, clips, self.decode.short_side)

    def needs(self) -> tuple[RoleNeed, ...]:
        """What its steps need of language models; nothing if none of them asks any."""
        return role_needs((step.stage for step in self.steps()), self.decode.num_frames)

    def _readers(self) -> tuple[str, ...]:
        """The package that reads writing, with its version, if writing is read."""
        return self.ground.as_installed().reading.packages()[:1]

    @classmethod
    def of(cls, manifest: DatasetManifest) -> Self:
        """The recipe that a finished set was made by, with the engine's defaults. Raises DatasetError."""
        try:
            return cls.model_validate({**manifest.recipe, "seed": manifest.seed})
        except ValidationError as error:
            raise DatasetError(f"the set's recipe does not fit this vidpref: {first_problem(error, cls)}") from error

    @model_validator(mode="after")
    def _has_one_proof(self) -> Self:
        if self.generate.proof not in (ProofConfig(), self.verify.proof):
            raise ValueError("generate.proof is always verify.proof: set that")
        return self

    @model_validator(mode="after")
    def _has_one_share_of_each(self) -> Self:
        if self.finalise.max_planted_share not in (None, self.generate.planted.share):
            raise ValueError("finalise.max_planted_share is always generate.planted.share: set that")
        if self.finalise.max_written_share not in (None, self.generate.models_share):
            raise ValueError("finalise.max_written_share is always generate.models_share: set that")
        return self

    @model_validator(mode="after")
    def _judges_by_one_proof(self) -> Self:
        if self.judge.proof not in (ProofConfig(), self.verify.proof):
            raise ValueError("judge.proof is always verify.proof: set that")
        return self

    @model_validator(mode="after")
    def _gives_steps_what_they_use(self) -> Self:
        names = [step.name for step in self.run_steps()]
        if unknown := sorted(self.engine.steps.keys() - set(names)):
            raise ValueError(f"engine.steps.{unknown[0]}: no step has that name; steps are {', '.join(names)}")
        for step in self.run_steps():
            if self.engine.of(step.name).in_flight is not None and not step.waits:
                raise ValueError(f"engine.steps.{step.name}.in_flight: only a step that waits has it; try batch")
        return self

    def identity(self, name: str) -> Identity:
        """All of it that may change a row, with the prompts that its stages use."""
        of_machine = {"search": {"groundingdino_py": {"python"}}}
        used = self.model_copy(update={"ground": self.ground.as_installed()})
        content = used.model_dump(
            mode="json",
            exclude={
                "seed": True,
                "engine": True,
                "endpoint": True,
                "roles": True,
                "generate": {"proof"},
                "judge": {"proof"},
                "ground": of_machine,
                "retrospect": self.generate.writer != "self" or PLACES,
            },
        )
        if needs := self.needs():
            content["roles"] = {need.role.value: self.roles.of(need.role).identity() for need in needs}
        stages = [step.stage for step in self.steps() if step.stage]
        return Identity(
            recipe_name=name,
            recipe=content,
            seed=self.seed,
            prompt_hashes=prompt_hashes(path for stage in stages for path in stage.prompts()),
            packages=tuple(dict.fromkeys(package for stage in stages for package in stage.packages())),
        )


def load_recipe(recipe: str, overrides: Sequence[str] = ()) -> tuple[str, Recipe]:
    """(name, recipe) of a shipped recipe or a YAML file, with every `a.b=c` of --set laid over it; RecipeError."""
    return read_recipe(recipe, Recipe, _folder(), overrides)


def _parted(packages: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Name and version of each package."""
    for package in packages:
        name, _, version = package.partition(" ")
        yield name, version


def _folder() -> Traversable:
    return files("pipeline") / "recipes"
