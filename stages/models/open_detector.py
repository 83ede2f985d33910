"""Opens the detector that settings name."""

import sys

from stages.models.detections import FrameDetector
from stages.models.detector_settings import GroundingdinoPySettings, GroundingDinoSettings


def open_detector(settings: GroundingDinoSettings | GroundingdinoPySettings) -> FrameDetector:
    """The live model; that of the original package in a child process, unless this is its interpreter. ModelError."""
    if isinstance(settings, GroundingDinoSettings):
        from stages.models.grounding_dino import GroundingDino  # noqa: PLC0415 loads torch

        return GroundingDino(settings.given_checkpoint(), settings.short_side, settings.batch)
    if sys.executable != settings.interpreter:
        from stages.models.groundingdino_child import ChildDetector  # noqa: PLC0415 only for this detector

        return ChildDetector(settings)
    from stages.models.groundingdino_py import OriginalGroundingDino  # noqa: PLC0415 this interpreter alone has it

    return OriginalGroundingDino(settings)
