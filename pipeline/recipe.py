"""A recipe: a YAML file becomes the configuration of every stage."""

from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import yaml
from pydantic import Field, JsonValue, ValidationError

from pipeline.chain import Chain
from pipeline.engine import Engine
from pipeline.finalise import FinaliseConfig
from pipeline.fingerprint import Identity
from pipeline.overrides import apply_overrides
from pipeline.validation import first_problem
from schemas.errors import RecipeError
from schemas.record import Record
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
        """The stages of a run."""
        return Chain(self.decode, self.ground, self.generate, self.cut, self.verify, self.seed)

    def identity(self, name: str, prompt_hashes: tuple[str, ...]) -> Identity:
        """All of it that may change a row."""
        content = self.model_dump(mode="json", exclude={"seed", "engine"})
        return Identity(recipe_name=name, recipe=content, seed=self.seed, prompt_hashes=prompt_hashes)


def load_recipe(recipe: str, overrides: Sequence[str] = ()) -> tuple[str, Recipe]:
    """(name, recipe) of a shipped recipe or a YAML file, with every `a.b=c` of --set laid over it; RecipeError."""
    name, content = _read(recipe)
    merged = apply_overrides(content, overrides)
    try:
        return name, Recipe.model_validate(merged)
    except ValidationError as error:
        raise RecipeError(f"recipe {recipe}: {first_problem(error, Recipe)}") from error


def shipped_recipes() -> list[str]:
    """Names of the recipes that come with the program."""
    return sorted(entry.name.removesuffix(".yaml") for entry in _folder().iterdir() if entry.name.endswith(".yaml"))


def _read(recipe: str) -> tuple[str, dict[str, JsonValue]]:
    source: Traversable = Path(recipe) if recipe.endswith((".yaml", ".yml")) else _folder() / f"{recipe}.yaml"
    if not source.is_file():
        raise RecipeError(
            f"recipe {recipe} does not exist; give a YAML file, or one of: {', '.join(shipped_recipes())}"
        )
    try:
        content = yaml.safe_load(source.read_text(encoding="utf-8"))
    except (yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        raise RecipeError(f"recipe {recipe} cannot be read: {' '.join(str(error).split())}") from error
    if content is not None and not isinstance(content, dict):
        raise RecipeError(f"recipe {recipe} must hold sections with keys, got {type(content).__name__}")
    return Path(recipe).stem, content or {}


def _folder() -> Traversable:
    return files("pipeline") / "recipes"
