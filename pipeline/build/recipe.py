"""A recipe: a YAML file becomes the configuration of every stage."""

from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Self

from pydantic import Field, model_validator

from pipeline.chain import Chain
from pipeline.engine.settings import Engine
from pipeline.finalise.settings import FinaliseConfig
from pipeline.recipes.file import read_recipe
from pipeline.recipes.identity import Identity
from schemas.record import Record
from stages.claims.proof import ProofConfig
from stages.cut import CutSegments
from stages.decode import DecodeVideo
from stages.generate import Generate
from stages.ground import Ground
from stages.verify import VerifyClaims


class Recipe(Record):
    """Everything that a run is told; `engine` is what belongs to the machine and never changes a row."""

    seed: int = Field(default=0, ge=0)
    """Seed of all randomness."""
    decode: DecodeVideo = DecodeVideo()
    """Sampling and the analysis stream."""
    ground: Ground = Ground()
    """The detector."""
    generate: Generate = Generate()
    """The writer."""
    cut: CutSegments = CutSegments()
    """Segments."""
    verify: VerifyClaims = VerifyClaims()
    """The proof."""
    finalise: FinaliseConfig = FinaliseConfig()
    """What a set may consist of."""
    engine: Engine = Engine()
    """Workers and limits; outside the fingerprint."""

    def chain(self) -> Chain:
        """The stages of a run. What is asked has to be provable, so the writer is told how much the proof takes."""
        generate = self.generate.model_copy(update={"proof": self.verify.proof})
        return Chain(self.decode, self.ground, generate, self.cut, self.verify, self.seed)

    @model_validator(mode="after")
    def _has_one_proof(self) -> Self:
        if self.generate.proof not in (ProofConfig(), self.verify.proof):
            raise ValueError("generate.proof is always verify.proof: set that")
        return self

    def identity(self, name: str, prompt_hashes: tuple[str, ...]) -> Identity:
        """All of it that may change a row."""
        content = self.model_dump(mode="json", exclude={"seed": True, "engine": True, "generate": {"proof"}})
        return Identity(recipe_name=name, recipe=content, seed=self.seed, prompt_hashes=prompt_hashes)


def load_recipe(recipe: str, overrides: Sequence[str] = ()) -> tuple[str, Recipe]:
    """(name, recipe) of a shipped recipe or a YAML file, with every `a.b=c` of --set laid over it; RecipeError."""
    return read_recipe(recipe, Recipe, _folder(), overrides)


def _folder() -> Traversable:
    return files("pipeline") / "recipes"
