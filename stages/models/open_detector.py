"""Opens the detector that settings name."""

from importlib.metadata import version
from importlib.util import find_spec

from stages.models.detections import FrameDetector
from stages.models.detector_settings import GroundingdinoPySettings, GroundingDinoSettings


def open_detector(settings: GroundingDinoSettings | GroundingdinoPySettings) -> FrameDetector:
    """The live model; that of the original package in a child process, unless this one has it. Raises ModelError."""
    if isinstance(settings, GroundingDinoSettings):
        from stages.models.grounding_dino import GroundingDino  # noqa: PLC0415 loads torch

        return GroundingDino(settings.given_checkpoint(), settings.short_side, settings.batch)
    if not _runs_the_original():
        from stages.models.groundingdino_child import ChildDetector  # noqa: PLC0415 only for this detector

        return ChildDetector(settings)
    from stages.models.groundingdino_py import OriginalGroundingDino  # noqa: PLC0415 few interpreters have it

    return OriginalGroundingDino(settings)


def _runs_the_original() -> bool:
    """Whether this interpreter has the original package, and a transformers that is old enough for it."""
    return find_spec("groundingdino") is not None and int(version("transformers").partition(".")[0]) < 5
