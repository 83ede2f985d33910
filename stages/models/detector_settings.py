"""The settings of detectors with weights; nothing heavy is imported before one is opened."""

import os
import subprocess
from importlib.util import find_spec
from pathlib import Path

from pydantic import Field, model_validator

from schemas.errors import ModelError
from schemas.problems import one_line
from schemas.record import Record

MAKE_ENVIRONMENT = "make groundingdino"
"""The command that makes the environment of the original package."""
_PROBE = (
    "import groundingdino.models, transformers; assert int(transformers.__version__[0]) < 5, transformers.__version__"
)


class Certainty(Record):
    """The two thresholds of a noun: between them nothing is known."""

    sure: float = Field(0.45, gt=0, le=1)
    """A box that scores at least this shows such a thing."""
    maybe: float = Field(0.2, gt=0, le=1)
    """If no box scores this much, no such thing is in the frame."""

    @model_validator(mode="after")
    def _in_order(self) -> "Certainty":
        if self.maybe > self.sure:
            raise ValueError(f"maybe must be at most sure, got {self.maybe:g} > {self.sure:g}")
        return self


class GroundingDinoSettings(Record):
    """Grounding DINO, MM Grounding DINO and LLMDet, by transformers."""

    checkpoint: str | None = None
    """A folder with config.json, or the id of a hub model."""
    short_side: int = Field(448, ge=64)
    """Pixels that the shorter side of a frame is raised to."""
    batch: int = Field(8, ge=1)
    """Frames that the model sees at once."""

    def check(self) -> None:
        """Raise ModelError if the packages or the checkpoint are missing."""
        missing = ", ".join(name for name in ("torch", "torchvision", "transformers") if find_spec(name) is None)
        if missing:
            raise ModelError(f"ground.detector grounding_dino needs {missing}; try: pip install -e '.[ground]'")
        from stages.models.grounding_dino import require_checkpoint  # noqa: PLC0415 loads torch

        require_checkpoint(self.given_checkpoint())

    def given_checkpoint(self) -> str:
        """The checkpoint. ModelError if none is given."""
        if self.checkpoint is None:
            raise ModelError(
                "ground.search.grounding_dino.checkpoint is missing; give a folder or the id of a hub model"
            )
        return self.checkpoint


class GroundingdinoPySettings(Record):
    """The original package, groundingdino-py, in a Python environment of its own."""

    python: str = "build/groundingdino/bin/python"
    """The interpreter of its environment, which `make groundingdino` makes; not part of the fingerprint."""
    config: str = "GroundingDINO_SwinT_OGC"
    """A configuration of the package by name, or a file of one's own."""
    checkpoint: str | None = None
    """The .pth file of the weights."""
    text_encoder: str | None = None
    """A folder with a BERT and its tokenizer; by default what the configuration names."""
    short_side: int = Field(448, ge=64)
    """Pixels that the shorter side of a frame is raised to."""
    batch: int = Field(8, ge=1)
    """Frames that the model sees at once."""

    @property
    def interpreter(self) -> str:
        """The absolute path of `python`; links are kept, since a virtual environment is known by them."""
        return os.path.abspath(Path(self.python).expanduser())  # noqa: PTH100 resolve() would follow the link

    def check(self) -> None:
        """Raise ModelError if the environment, the package in it, the checkpoint or the text encoder is missing."""
        if self.checkpoint is None or not Path(self.checkpoint).is_file():
            raise ModelError(
                f"ground.search.groundingdino_py.checkpoint: no file {self.checkpoint}; give the path of a .pth file"
                if self.checkpoint
                else "ground.search.groundingdino_py.checkpoint is missing; give the path of a .pth file"
            )
        if self.text_encoder is not None and not (Path(self.text_encoder) / "config.json").is_file():
            raise ModelError(f"ground.search.groundingdino_py.text_encoder: no config.json in {self.text_encoder}")
        if not Path(self.interpreter).is_file():
            raise ModelError(f"ground.search.groundingdino_py.python: no file {self.python}; try: {MAKE_ENVIRONMENT}")
        probe = subprocess.run([self.interpreter, "-W", "ignore", "-c", _PROBE], capture_output=True, text=True)  # noqa: S603, PLW1510
        if probe.returncode:
            last = (probe.stderr.strip().splitlines() or ["it ended without a word"])[-1]
            raise ModelError(
                f"ground.search.groundingdino_py.python {self.python} cannot run the package: {one_line(last)}; "
                f"try: {MAKE_ENVIRONMENT}"
            )
