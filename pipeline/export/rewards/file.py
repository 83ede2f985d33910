"""rewards.py, the file beside exported questions that a trainer imports."""

from importlib.resources import files
from typing import Literal

Trainer = Literal["trl", "ms_swift", "verl", "easyr1"]
"""The trainers whose signature there is a reward in."""
_IMPORT = "from pipeline.export.rewards.scoring import reward\n"
_END_OF_DOCSTRING = '"""\n\n'


def rewards_py(trainer: Trainer) -> str:
    """The text of the file: it needs nothing of this package, so that it works wherever the trainer is installed."""
    before, _, after = _source(trainer).partition(_IMPORT)
    return before + _source("scoring").partition(_END_OF_DOCSTRING)[2] + after


def _source(module: str) -> str:
    return files("pipeline.export.rewards").joinpath(f"{module}.py").read_text(encoding="utf-8")
